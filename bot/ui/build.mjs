// Builds everything into bot/static: loader, widget, desk; one manifest.json; .br and .gz beside what compresses.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";

const here = import.meta.dirname;
const out = join(here, "../static");
const WORTH = 512;

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const mode of ["widget", "desk", "loader"]) await build({ root: here, mode, logLevel: "warn" });

const manifest = {};
for (const page of ["widget", "desk"]) {
  const part = join(out, `${page}.manifest.json`);
  Object.assign(manifest, JSON.parse(readFileSync(part, "utf8")));
  rmSync(part);
}
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");

for (const name of readdirSync(out, { recursive: true })) {
  if (!/\.(js|css|html|svg)$/.test(name)) continue;
  const body = readFileSync(join(out, name));
  if (body.length < WORTH) continue;
  writeFileSync(join(out, `${name}.gz`), gzipSync(body, { level: 9 }));
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(body));
}
