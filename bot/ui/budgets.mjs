// Fails when something a browser loads has grown past its budget, in bytes after gzip -9.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const out = join(import.meta.dirname, "../static");
const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"));

/** Everything the page loads before it can be used: its script, what that imports at once, its styles. */
function first(entry) {
  const files = new Set();
  const visit = (name) => {
    const { file, imports = [], css = [] } = manifest[name];
    files.add(file);
    css.forEach((style) => files.add(style));
    imports.forEach(visit);
  };
  visit(entry);
  return [...files];
}

const BUDGETS = [
  ["loader", 2_000, ["widget.js"]],
  ["widget", 15_000, first("widget.html")],
  // What the widget loads at the first use of it: the source of an answer and its thumbs (0.5 kB, moved here so that
  // they cost the first chunk nothing), attachments, the cards around a handover.
  ["extra", 5_200, [manifest["src/widget/extra.tsx"].file]],
  ["desk", 60_000, first("desk.html")],
];

for (const [name, budget, files] of BUDGETS) {
  const size = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(out, file)), { level: 9 }).length, 0);
  const over = size > budget;
  console.log(`${name.padEnd(7)} ${String(size).padStart(6)} of ${budget} bytes${over ? "  TOO LARGE" : ""}`);
  if (over) process.exitCode = 1;
}
