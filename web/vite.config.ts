import { defineConfig, type Plugin } from "vite";

/** The map's code is asked for with the page, not first when the page's own code has come and run. */
function mapEarly(): Plugin {
  return {
    name: "map-early",
    transformIndexHtml(_, { bundle }) {
      const early = Object.keys(bundle ?? {}).filter((file) => /\/(map-view|board)-[^/]+\.js$/.test(file));
      return early.sort().map((file) => ({
        tag: "link", attrs: { rel: "modulepreload", href: `./${file}` }, injectTo: "head" as const,
      }));
    },
  };
}

// The output is committed and shipped in the wheel, so it must be the same bytes from the same lock file.
export default defineConfig({
  base: "./",
  plugins: [mapEarly()],
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../src/peelian/web",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the content policy allows no data: fonts or scripts
    chunkSizeWarningLimit: 2000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // .mjs becomes .js: some servers do not know that .mjs is a script.
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith(".mjs"))
            ? "assets/[name]-[hash].js"
            : "assets/[name]-[hash][extname]",
      },
    },
  },
});
