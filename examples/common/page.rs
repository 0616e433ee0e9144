//! The built page of `examples/spa`, if there is one. It is read once, so that no request names a file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::environment::optional;

const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/spa/dist");

/// Vite has a hash of the content in the names of what is here.
const ASSETS: &str = "assets/";

pub(crate) struct Page {
    /// Begins and ends with a slash.
    base: String,
    /// By their path below the base.
    files: HashMap<String, File>,
}

pub(crate) struct File {
    pub(crate) media_type: String,
    pub(crate) cache_control: &'static str,
    pub(crate) content: Vec<u8>,
}

impl Page {
    /// From `PAGE_DIR`, or where `cargo xtask page` puts it; beneath `PAGE_BASE`, for which it was built.
    pub(crate) fn load() -> Result<Self, String> {
        let base = optional("PAGE_BASE")?.unwrap_or_else(|| "/".to_owned());
        if !base.starts_with('/') || !base.ends_with('/') {
            return Err(format!("PAGE_BASE is {base:?}: it begins and ends with a slash"));
        }
        let wanted = optional("PAGE_DIR")?.map(PathBuf::from);
        let folder = wanted.clone().unwrap_or_else(|| DIST.into());
        let mut page = Self { base, files: HashMap::new() };
        match page.read(&folder, "") {
            Err(error) if error.kind() == io::ErrorKind::NotFound && wanted.is_none() => Ok(page),
            Err(error) => Err(format!("PAGE_DIR, {}: {error}", folder.display())),
            Ok(()) => Ok(page),
        }
    }

    fn read(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.read(&entry.path(), &format!("{path}/"))?;
                continue;
            }
            let media_type = mime_guess::from_path(&path).first_or_octet_stream().to_string();
            let is_of_one_content = path.starts_with(ASSETS);
            let cache_control =
                if is_of_one_content { "public, max-age=31536000, immutable" } else { "no-cache" };
            let content = fs::read(entry.path())?;
            self.files.insert(path, File { media_type, cache_control, content });
        }
        Ok(())
    }

    pub(crate) fn is_built(&self) -> bool {
        self.files.contains_key("index.html")
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The file at a path. Where none is, whoever asks for a page gets the one page, which knows what
    /// to show there.
    pub(crate) fn file(&self, path: &str, accept: Option<&str>) -> Option<&File> {
        let below = path.strip_prefix(&*self.base)?;
        let is_page = || accept.is_some_and(|accept| accept.contains("text/html"));
        match self.files.get(below) {
            None if is_page() => self.files.get("index.html"),
            found => found,
        }
    }
}
