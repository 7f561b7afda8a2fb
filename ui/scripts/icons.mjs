// Draws the page's icons as PNG: `node scripts/icons.mjs` writes public/icon-*.png. The same three candles as in
// favicon.svg, in units of its 32 by 32 box; a maskable one fills its square and keeps the candles in the middle.
import { writeFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";

const OUT = new URL("../public/", import.meta.url).pathname;
const BOX = 32;
/** Samples a side of a pixel, so that edges are smooth. */
const FINE = 4;
const GROUND = [0x10, 0x15, 0x1f];
const WICK = [0x8b, 0x98, 0xad];
const UP = [0xf0, 0x52, 0x5f];
const DOWN = [0x2f, 0xb3, 0x80];

/** x, y, width, height, corner, colour; later ones lie above. */
const SHAPES = [
  [7.2, 6, 1.6, 20, 0, WICK], [15.2, 9, 1.6, 17, 0, WICK], [23.2, 5, 1.6, 18, 0, WICK],
  [5.5, 11, 5, 10, 1, UP], [13.5, 13, 5, 9, 1, DOWN], [21.5, 8, 5, 10, 1, UP],
];

for (const [name, size, isMaskable] of [["icon-192", 192, false], ["icon-512", 512, false], ["icon-maskable-512", 512, true]]) {
  writeFileSync(`${OUT}${name}.png`, png(size, isMaskable));
}

function png(size, isMaskable) {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) rows.set(pixel(x, y, size, isMaskable), y * (size * 4 + 1) + 1 + x * 4);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

function pixel(px, py, size, isMaskable) {
  const sum = [0, 0, 0, 0];
  for (let n = 0; n < FINE * FINE; n += 1) {
    const x = ((px + ((n % FINE) + 0.5) / FINE) / size) * BOX;
    const y = ((py + (Math.floor(n / FINE) + 0.5) / FINE) / size) * BOX;
    const colour = isMaskable ? colourAt((x - BOX / 2) / 0.75 + BOX / 2, (y - BOX / 2) / 0.75 + BOX / 2, true) : colourAt(x, y, inside(x, y, 0, 0, BOX, BOX, 7));
    if (colour === null) continue;
    for (const part of [0, 1, 2]) sum[part] += colour[part];
    sum[3] += 1;
  }
  const count = Math.max(sum[3], 1);
  return [sum[0] / count, sum[1] / count, sum[2] / count, (sum[3] / (FINE * FINE)) * 255].map(Math.round);
}

function colourAt(x, y, isOnGround) {
  if (!isOnGround) return null;
  const shape = SHAPES.findLast(([left, top, width, height, corner]) => inside(x, y, left, top, width, height, corner));
  return shape?.[5] ?? GROUND;
}

/** Whether a point is in a rectangle with round corners. */
function inside(x, y, left, top, width, height, corner) {
  const dx = Math.max(left + corner - x, x - (left + width - corner), 0);
  const dy = Math.max(top + corner - y, y - (top + height - corner), 0);
  return Math.hypot(dx, dy) <= corner && x >= left && x <= left + width && y >= top && y <= top + height;
}

function chunk(name, data) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body) >>> 0);
  return Buffer.concat([length, body, sum]);
}
