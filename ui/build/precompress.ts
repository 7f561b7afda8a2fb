// Writes `x.br` and `x.gz` beside every text file of the build, where that saves something.
// The Rust side embeds them as they are, so that no request ever compresses anything.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(js|css|html|svg|json|txt|webmanifest)$/;
/** Below this a compressed copy saves less than a packet. */
const SMALLEST = 512;
/** Above this the best brotli level costs seconds per build and saves 3 %. */
const LARGE = 400_000;

export function precompress(): Plugin {
  let outDir = "dist";
  return {
    name: "precompress",
    apply: "build",
    configResolved(config) {
      outDir = config.build.outDir;
    },
    closeBundle() {
      for (const file of readdirSync(outDir, { recursive: true, encoding: "utf8" })) {
        if (TEXT.test(file)) compress(join(outDir, file));
      }
    },
  };
}

function compress(path: string): void {
  const bytes = readFileSync(path);
  if (bytes.length < SMALLEST) return;
  const quality = bytes.length > LARGE ? 9 : 11;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  keepIfSmaller(`${path}.br`, brotliCompressSync(bytes, { params }), bytes.length);
  keepIfSmaller(`${path}.gz`, gzipSync(bytes, { level: 9 }), bytes.length);
}

function keepIfSmaller(path: string, packed: Buffer, original: number): void {
  if (packed.length < original) writeFileSync(path, packed);
}
