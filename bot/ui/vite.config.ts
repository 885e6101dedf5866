// One build for each thing a browser loads, so that each carries only what it uses and needs one script:
// `--mode widget`, `--mode desk` (pages, hashed names), `--mode loader` (the embedded script, stable name widget.js).
// build.mjs runs them in order.
import { defineConfig } from "vitest/config";

const page = (name: string) => ({
  manifest: `${name}.manifest.json`,
  modulePreload: false as const,
  copyPublicDir: name === "desk",
  rolldownOptions: { input: `${name}.html` },
});

const loader = {
  copyPublicDir: false,
  lib: { entry: "src/loader/main.ts", formats: ["iife" as const], name: "loader", fileName: () => "widget.js" },
};

// Vite wraps every import() in 1.5 kB that preload a chunk's styles. The widget's chunk brings its own, so there the
// wrapper is a plain call.
const plainImport = {
  name: "plain-import",
  enforce: "pre" as const,
  load: (id: string) => (id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load()" : null),
};

export default defineConfig(({ mode }) => ({
  base: "/static/",
  plugins: mode === "widget" ? [plainImport] : [],
  // The classic runtime: 0.3 kB less in the widget than the automatic one.
  oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" } },
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    target: "es2022",
    outDir: "../static",
    emptyOutDir: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    ...(mode === "loader" ? loader : page(mode)),
  },
  test: { include: ["test/**/*.test.ts"] },
}));
