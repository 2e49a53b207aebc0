// Bundles entry.js and CodeMirror into dist/codemirror.js, and the licences of all that is in it into dist/LICENSES.txt.

import { build } from "esbuild";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const { metafile } = await build({
  entryPoints: ["entry.js"],
  outfile: "dist/codemirror.js",
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  legalComments: "none",
  metafile: true,
  banner: { js: "// CodeMirror 6 for this book. Made by theme/editor/build.js; licences: LICENSES.txt." },
});

/** The folder of a package in a path such as node_modules/@codemirror/view/dist/index.js. */
const packageOf = (path) => /^node_modules\/((@[^/]+\/)?[^/]+)/.exec(path)?.[1];
const packages = [...new Set(Object.keys(metafile.inputs).map(packageOf).filter(Boolean))].sort();
const licences = packages.map((name) => {
  const folder = `node_modules/${name}`;
  const { version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  if (!file) throw new Error(`${name} has no licence file`);
  return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
});
writeFileSync("dist/LICENSES.txt", licences.join(`\n${"-".repeat(72)}\n\n`));
