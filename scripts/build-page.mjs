/**
 * Builds the page that the daemon serves at /view/: one script, one style sheet, one HTML file, in `dist/page/`. Names under
 * `assets/` carry a hash of their content, so they may be cached for ever. Needs the compiled `dist/`.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = join(dirname(dirname(fileURLToPath(import.meta.url))), 'plugins', 'molstar');
const target = join(here, 'dist', 'page');
const require = createRequire(import.meta.url);
/** Mol*'s own style sheet (light skin), as its package ships it. */
const molstarStyle = require.resolve('molstar/build/viewer/molstar.css');

/**
 * zod brings its messages in forty languages, a quarter of a megabyte; ours are in English.
 * @type {import('esbuild').Plugin}
 */
const englishOnly = {
  name: 'english-only',
  setup(build) {
    build.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, 'assets'), { recursive: true });

const { metafile } = await build({
  entryPoints: { page: join(here, 'dist', 'app', 'main.js'), style: join(here, 'page.css') },
  bundle: true,
  format: 'esm',
  minify: true,
  target: 'es2022',
  legalComments: 'linked',
  define: { 'process.env.NODE_ENV': '"production"' },
  // Named by parts of Mol* that run only under Node.
  external: ['fs', 'path', 'crypto'],
  alias: { 'molstar.css': molstarStyle },
  outdir: join(target, 'assets'),
  entryNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  loader: { '.ico': 'dataurl', '.png': 'dataurl', '.svg': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl' },
  plugins: [englishOnly],
  metafile: true,
  logLevel: 'warning',
});

const outputs = Object.keys(metafile.outputs).map((path) => path.split('/').at(-1) ?? '');
const named = (/** @type {RegExp} */ pattern) => `./assets/${outputs.find((name) => pattern.test(name)) ?? ''}`;
const html = readFileSync(join(here, 'page.html'), 'utf8')
  .replace('{{script}}', named(/^page-.*\.js$/))
  .replace('{{style}}', named(/^style-.*\.css$/));
writeFileSync(join(target, 'index.html'), html);

// Packed copies for a daemon behind a slow tunnel; on this machine the plain ones are faster.
for (const name of readdirSync(join(target, 'assets'))) {
  if (!/\.(js|css)$/.test(name)) continue;
  const path = join(target, 'assets', name);
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
}
