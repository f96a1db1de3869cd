//! The pictures of the samples, and a page to leaf through them: test output, which git ignores.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::kept::Sample;

/// The folder of the pictures.
pub(crate) struct Album {
    folder: PathBuf,
}

impl Album {
    /// An empty one.
    pub(crate) fn empty() -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let folder = target.join("screenshots");
        // pictures of samples that are no more would stay
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    pub(crate) fn put(&self, sample: &Sample, theme: &str, width: u64, picture: &[u8]) {
        let path = self.folder.join(place(sample, theme, width));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, picture).unwrap();
    }

    /// Writes the page that shows them all.
    pub(crate) fn bind(&self, samples: &[Sample], themes: &[&str], widths: &[u64]) {
        let (mut list, mut sheets) = (String::new(), String::new());
        for sample in samples {
            let name = &sample.name;
            // writing to a String cannot fail
            let _ = writeln!(list, "<li><a href=\"#{name}\">{name}</a></li>");
            let _ = writeln!(sheets, "<section id=\"{name}\"><h2>{name}</h2>");
            for (theme, width) in themes
                .iter()
                .flat_map(|theme| widths.iter().map(move |width| (theme, *width)))
            {
                let place = place(sample, theme, width);
                let _ = writeln!(
                    sheets,
                    "<a href=\"{place}\"><img loading=\"lazy\" src=\"{place}\" alt=\"{theme}, {width} px\"></a>"
                );
            }
            sheets.push_str("</section>\n");
        }
        let page = format!("{HEAD}<ol>\n{list}</ol>\n{sheets}");
        std::fs::write(self.folder.join("index.html"), page).unwrap();
    }
}

const HEAD: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Page samples</title>
<style>
body { font: 1rem/1.4 sans-serif; margin: 2rem }
ol { columns: 18rem }
section { display: flex; flex-wrap: wrap; align-items: start; gap: 1rem; padding: 1rem 0; border-top: 1px solid }
h2 { flex-basis: 100%; margin: 0 }
img { height: 26rem; max-width: 100%; object-fit: contain; object-position: top; border: 1px solid #999 }
</style>
<h1>Page samples</h1>
";

fn place(sample: &Sample, theme: &str, width: u64) -> String {
    format!("{theme}/{width}/{}.png", sample.name)
}
