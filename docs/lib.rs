//! The chapters of the guide, so that their code is compiled and run as tests.
