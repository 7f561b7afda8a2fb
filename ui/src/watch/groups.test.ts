import { describe, expect, it } from "vitest";
import { add, addGroup, deleteGroup, moveBy, moveGroup, moveTo, remove, renameGroup, shown, type Groups } from "./groups";

const two: Groups = { groups: [{ name: "", symbols: ["a", "b", "c"] }, { name: "metals", symbols: ["x"] }], group: 0 };

describe("the groups of the watchlist", () => {
  it("take an instrument once, and let it go", () => {
    expect(shown(add(two, "d"))).toEqual(["a", "b", "c", "d"]);
    expect(shown(add(two, "a"))).toEqual(["a", "b", "c"]);
    expect(shown(remove(two, "b"))).toEqual(["a", "c"]);
    expect(add(two, "d").groups[1]).toEqual(two.groups[1]);
    expect(shown(two), "nothing changes in place").toEqual(["a", "b", "c"]);
  });

  it("move an instrument to a place, or by some", () => {
    expect(shown(moveTo(two, "a", 1))).toEqual(["b", "a", "c"]);
    expect(shown(moveTo(two, "a", 9))).toEqual(["b", "c", "a"]);
    expect(shown(moveBy(two, "c", -1))).toEqual(["a", "c", "b"]);
    expect(shown(moveBy(two, "a", -1))).toEqual(["a", "b", "c"]);
    expect(shown(moveBy(two, "c", 1))).toEqual(["a", "b", "c"]);
    expect(shown(moveTo(two, "nothing", 0))).toEqual(["a", "b", "c"]);
  });

  it("come, are named, move and go, but one stays", () => {
    const three = addGroup(two, "new");
    expect(three.groups.map((group) => group.name)).toEqual(["", "metals", "new"]);
    expect(three.group).toBe(2);
    expect(renameGroup(three, " grain ").groups[2]?.name).toBe("grain");
    expect(moveGroup(three, -1)).toMatchObject({ groups: [{ name: "" }, { name: "new" }, { name: "metals" }], group: 1 });
    expect(moveGroup(three, 1)).toBe(three);
    const one = deleteGroup(deleteGroup(three));
    expect(one).toMatchObject({ groups: [{ name: "" }], group: 0 });
    expect(deleteGroup(one)).toBe(one);
  });
});
