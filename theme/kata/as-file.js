// Marks a page that was opened as a file, so that it offers nothing that could run. A classic script on
// purpose: from a file, browsers load no modules.
"use strict";

if (location.protocol === "file:") document.documentElement.classList.add("as-file");
