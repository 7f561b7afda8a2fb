import { expect, it } from "vitest";
import { PANELS } from "../../panels/registry";
import { isUsable } from "../../store/layouts";
import { defaultLayout } from "./arrangement";

const ids = PANELS.map((panel) => panel.id);

it("has every panel, once, on every screen, in a form that is taken", () => {
  for (const [width, height] of [[1000, 600], [1280, 676], [1600, 856], [3840, 2000]] as const) {
    const layout = defaultLayout(width, height, (id) => id);
    expect(Object.keys(layout.panels).sort()).toEqual([...ids].sort());
    expect(isUsable(layout, ids)).toBe(true);
  }
});
