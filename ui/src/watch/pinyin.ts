// Initials of Chinese names: 螺纹钢2610 → lwg2610. No table of readings: the browser orders characters by pinyin, and
// the first character of each letter tells where that letter begins. A character has the reading that the browser
// orders it by; those of names that have another one, too (重庆: z and c), stand in `OTHERS`, and both are accepted.
// Characters outside the basic block, and all of them in a browser without that order, have no initial.

const ORDER = new Intl.Collator("zh-u-co-pinyin");
/** The first characters of the letters below; no syllable begins with i, u or v. */
const FIRST = [..."吖八嚓咑妸发旮哈丌咔垃呣拏喔趴七呥仨他屲夕丫匝"];
const LETTERS = "abcdefghjklmnopqrstwxyz";
/** Second readings that names of instruments, places and companies have. */
const OTHERS: Readonly<Record<string, string>> = {
  重: "zc", 长: "zc", 行: "xh", 乐: "ly", 厦: "sx", 朝: "cz", 单: "ds", 曾: "cz", 调: "dt", 藏: "cz", 盛: "sc",
  车: "cj", 石: "sd", 会: "hk", 传: "cz", 弹: "dt", 降: "jx", 贾: "jg", 解: "jx", 系: "xj", 强: "qj", 种: "zc",
  尾: "wy", 柜: "gj", 校: "xj", 仇: "cq", 区: "qo", 尉: "wy", 乘: "cs", 提: "td", 省: "sx", 铅: "qy", 莞: "gw",
};
/** More readings of one name than these are not tried. */
const MOST = 4;

const works = FIRST.every((character, index) => index === 0 || ORDER.compare(FIRST[index - 1] ?? "", character) < 0);
const known = new Map<string, string>();

/** The name's initials in lower case, all that is not Chinese as it is; several where characters have two readings. */
export function initials(name: string): readonly string[] {
  let all = [""];
  for (const character of name.toLowerCase()) {
    const letters = readings(character);
    // Nearly every character has one reading, and there are 20,000 names.
    if (letters.length === 1 || all.length * letters.length > MOST) {
      for (let index = 0; index < all.length; index += 1) all[index] += letters.charAt(0);
    } else all = [...letters].flatMap((letter) => all.map((before) => before + letter));
  }
  return all;
}

/** The possible initials of a character, or the character itself if it is not Chinese. */
function readings(character: string): string {
  if (character < "\u4e00" || character > "\u9fff" || !works) return character;
  let letters = known.get(character);
  if (letters === undefined) {
    letters = OTHERS[character] ?? letterOf(character);
    known.set(character, letters);
  }
  return letters;
}

function letterOf(character: string): string {
  let [low, high] = [0, FIRST.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ORDER.compare(FIRST[middle] ?? "", character) <= 0) low = middle + 1;
    else high = middle;
  }
  return LETTERS[low - 1] ?? character;
}
