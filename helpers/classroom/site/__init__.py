"""The course to be read: every lesson as a page, with an index, the glossary, the sources and the data.

The idea: what a student sees who runs the untouched lesson from the top, and nothing else. The *student's* version is
run in a fresh process, so an answer cannot be on a page because no answer was ever there; each finished page is
searched for answers all the same. A page is one file that needs no network and no script.

* `lessons` reads and runs notebooks; `notebook_page` turns one into HTML; `tidy` makes that HTML fit to be read by all;
* `formulas` draws formulas, `references` reads `docs/`;
* `pages` makes all pages; `folder` writes them, and into no folder but its own.
"""
