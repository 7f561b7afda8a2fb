// What a phone loads before it shows its first page: `npm run size`, which builds first. Adds up the page, its styles, the
// phone's chunk and the watchlist's with all that they import at once, as gzip; above 150 kB it fails. What is loaded
// only when it is looked at (chart, menu, other tabs) and data do not count.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const MOST = 150_000;
const ROOTS = ["PhoneShell", "WatchPanel"];
const NEVER = ["DockArea", "DeskShell", "lightweight"];

const dist = process.argv[2] ?? new URL("../dist", import.meta.url).pathname;
const assets = `${dist}/assets`;
if (!existsSync(`${dist}/index.html`)) throw new Error(`${dist} has no index.html: run \`npm run build\` first`);

const page = readFileSync(`${dist}/index.html`, "utf8");
const linked = [...page.matchAll(/(?:src|href)="\/assets\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]);
const lazily = ROOTS.map((name) => readdirSync(assets).find((file) => file.startsWith(`${name}-`) && file.endsWith(".js"))).filter(Boolean);
if (lazily.length !== ROOTS.length) throw new Error(`of ${ROOTS.join(", ")} there is only ${lazily.join(", ")}`);

const all = new Set(linked);
for (const file of [...linked.filter((name) => name.endsWith(".js")), ...lazily]) follow(file);

const sizes = [["index.html", gzipSync(page).length], ...[...all].map((file) => [file, gzipSync(readFileSync(`${assets}/${file}`), { level: 9 }).length])];
for (const [file, size] of sizes.sort((a, b) => b[1] - a[1])) console.log(`${String(size).padStart(7)}  ${file}`);
const sum = sizes.reduce((total, [, size]) => total + size, 0);
console.log(`${String(sum).padStart(7)}  of ${MOST} bytes (gzip) for a phone's first load`);
const wrong = [...all].filter((file) => NEVER.some((name) => file.startsWith(name)));
if (wrong.length > 0) throw new Error(`a phone must not load ${wrong.join(", ")}`);
if (sum > MOST) throw new Error(`the first load on a phone is ${sum - MOST} bytes too large`);

/** With everything that it imports statically, and the styles that its loader fetches beside it. */
function follow(file) {
  all.add(file);
  const text = readFileSync(`${assets}/${file}`, "utf8");
  for (const [, name] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) if (!all.has(name)) follow(name);
  for (const style of stylesOf(file)) all.add(style);
}

/** Vite writes the files that belong to a chunk into a list, and beside each `import()` the numbers of its own. */
function stylesOf(file) {
  const found = [];
  for (const name of readdirSync(assets).filter((other) => other.endsWith(".js"))) {
    const text = readFileSync(`${assets}/${name}`, "utf8");
    const list = /m\.f=(\[[^\]]*\])/.exec(text);
    const escaped = file.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const numbers = new RegExp(`import\\("\\./${escaped}"\\),__vite__mapDeps\\(\\[([\\d,]*)\\]\\)`).exec(text);
    if (list === null || numbers === null || numbers[1] === "") continue;
    const files = JSON.parse(list[1]);
    found.push(...numbers[1].split(",").map((n) => files[Number(n)]).filter((one) => one.endsWith(".css")).map((one) => one.replace(/^\/?assets\//, "")));
  }
  return found;
}
