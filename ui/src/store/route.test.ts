import { expect, it } from "vitest";
import { addressOf, parse, type Route } from "./route";

it("understands the desk, panels and pages", () => {
  expect(parse("")).toEqual({ name: "desk" });
  expect(parse("#/")).toEqual({ name: "desk" });
  expect(parse("#/panel/chart")).toEqual({ name: "panel", id: "chart" });
  expect(parse("#/contracts")).toEqual({ name: "view", path: "contracts" });
  expect(parse("#/logs?level=error")).toEqual({ name: "view", path: "logs" });
  expect(parse("#contracts")).toEqual({ name: "view", path: "contracts" });
});

it("takes what it does not understand for the desk", () => {
  for (const hash of ["#/panel", "#/panel/", "#/panel/a/b", "#/a/b", "#/<script>", "#/Contracts", "#//"]) {
    expect(parse(hash), hash).toEqual({ name: "desk" });
  }
});

it("reads back the addresses that it writes", () => {
  const all: Route[] = [{ name: "desk" }, { name: "panel", id: "watch" }, { name: "view", path: "about" }];
  for (const one of all) expect(parse(addressOf(one))).toEqual(one);
});
