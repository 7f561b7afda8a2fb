// A screenshot has few colours and many shades between them: as a PNG with a palette it is a third of
// the size. Reads what Chromium writes (8 bits, RGB or RGBA, not interlaced), writes 8 bits with palette.
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const MOST_COLOURS = 256;
/** The most frequent ones, which are kept as they are. */
const AREAS = 96;

/** The same picture with at most 256 colours, each near to the one that it replaces. */
export function withPalette(png) {
  const { width, height, pixels } = decode(png);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const palette = choose([...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour));
  const index = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  return encode(width, height, palette, pixels, index);
}

function decode(png) {
  const chunks = [...chunksOf(png)];
  const header = chunks[0].data;
  const [width, height, depth, type, interlaced] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9], header[12]];
  const size = { 2: 3, 6: 4 }[type];
  if (depth !== 8 || size === undefined || interlaced !== 0) throw new Error(`a PNG of another kind: depth ${depth}, type ${type}`);
  const raw = inflateSync(Buffer.concat(chunks.filter((chunk) => chunk.name === "IDAT").map((chunk) => chunk.data)));
  const stride = width * size;
  const pixels = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y += 1) {
    const at = y * (stride + 1);
    const line = unfilter(raw[at], raw.subarray(at + 1, at + 1 + stride), above, size);
    for (let x = 0; x < width; x += 1) pixels[y * width + x] = (line[x * size] << 16) | (line[x * size + 1] << 8) | line[x * size + 2];
    above = line;
  }
  return { width, height, pixels };
}

function* chunksOf(png) {
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    yield { name: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) };
    at += length + 12;
  }
}

/** The five filters of the PNG specification, section 9. */
function unfilter(filter, line, above, size) {
  const out = new Uint8Array(line.length);
  for (let n = 0; n < line.length; n += 1) {
    const left = n < size ? 0 : out[n - size];
    const corner = n < size ? 0 : above[n - size];
    const guess = [0, left, above[n], (left + above[n]) >> 1, filter === 4 ? paeth(left, above[n], corner) : 0][filter];
    out[n] = line[n] + guess;
  }
  return out;
}

function paeth(left, above, corner) {
  const [a, b, c] = [above - corner, left - corner, left + above - 2 * corner].map(Math.abs);
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

/** The most frequent colours that lie apart from each other; as far apart as makes them few enough. */
function choose(byFrequency) {
  // Areas keep their own colour: a pale green is not to be the grey that is near to it.
  const areas = byFrequency.slice(0, AREAS);
  for (let apart = 0; ; apart += 6) {
    const palette = [...areas];
    for (const colour of byFrequency.slice(AREAS)) {
      if (palette.every((known) => distance(known, colour) > apart)) palette.push(colour);
      if (palette.length > MOST_COLOURS) break;
    }
    if (palette.length <= MOST_COLOURS) return palette;
  }
}

function nearest(palette, colour) {
  let best = 0;
  for (let n = 1; n < palette.length; n += 1) if (distance(palette[n], colour) < distance(palette[best], colour)) best = n;
  return best;
}

function distance(a, b) {
  const part = (shift) => Math.abs(((a >> shift) & 255) - ((b >> shift) & 255));
  return part(16) + part(8) + part(0);
}

function encode(width, height, palette, pixels, index) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const lines = Buffer.alloc((width + 1) * height);
  for (let n = 0; n < pixels.length; n += 1) lines[n + Math.floor(n / width) + 1] = index.get(pixels[n]);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const body = [["IHDR", header], ["PLTE", colours], ["IDAT", deflateSync(lines, { level: 9 })], ["IEND", Buffer.alloc(0)]];
  return Buffer.concat([SIGNATURE, ...body.map(([name, data]) => chunk(name, data))]);
}

function chunk(name, data) {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(name, 4, "latin1");
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
  return out;
}
