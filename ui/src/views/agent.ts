// What a browser calls itself, in short: name, version and system. What is no browser keeps its own name.

const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ["Edge", /Edg(?:e|A|iOS)?\/(\d+)/], ["Opera", /OPR\/(\d+)/], ["Firefox", /(?:Firefox|FxiOS)\/(\d+)/],
  ["Chrome", /(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/], ["Safari", /Version\/(\d+).* Safari/],
];
// In this order: Android names Linux, too, and iOS names macOS.
const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ["Android", /Android/], ["iPhone", /iPhone/], ["iPad", /iPad/], ["Windows", /Windows/], ["macOS", /Mac OS X|Macintosh/], ["ChromeOS", /CrOS/], ["Linux", /Linux/],
];

export function agentName(agent: string | null): string {
  if (agent === null || agent === "") return "-";
  for (const [name, pattern] of BROWSERS) {
    const version = pattern.exec(agent)?.[1];
    if (version === undefined) continue;
    const system = SYSTEMS.find(([, mark]) => mark.test(agent))?.[0];
    return [`${name} ${version}`, system].filter((part) => part !== undefined).join(" · ");
  }
  return agent;
}
