//! What sessions look at of a request, whichever framework has it.

/// Method and headers of a request.
pub(crate) trait Head {
    fn method(&self) -> &str;

    /// All values of a header, in their order.
    fn values<'a>(&'a self, name: &'a str) -> Box<dyn Iterator<Item = &'a [u8]> + 'a>;

    /// The value of a header that is there once, as text.
    fn text<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        let mut values = self.values(name);
        let value = values.next().filter(|_| values.next().is_none())?;
        std::str::from_utf8(value).ok()
    }

    fn has(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }
}

impl Head for http::request::Parts {
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn values<'a>(&'a self, name: &'a str) -> Box<dyn Iterator<Item = &'a [u8]> + 'a> {
        Box::new(self.headers.get_all(name).iter().map(http::HeaderValue::as_bytes))
    }
}
