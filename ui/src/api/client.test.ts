import { afterEach, expect, it, vi } from "vitest";
import { ApiError, Client, detail, failed, login } from "./client";

afterEach(() => vi.unstubAllGlobals());

it("knows which failures may have been carried out all the same", () => {
  const kinds = [401, 404, 422, 429, 500, 503, 504].map((status) => failed(status, null).failure);
  expect(kinds).toEqual(["login", "refused", "refused", "refused", "unknown", "away", "unknown"]);
});

it("shows what FastAPI's error bodies say", () => {
  expect(detail({ detail: "找不到合约rb9999 SHFE" })).toBe("找不到合约rb9999 SHFE");
  expect(detail({ detail: [{ loc: ["body", "volume"], msg: "Field required" }] })).toBe("volume: Field required");
  expect(detail("x")).toBe("");
  expect(detail(null)).toBe("");
});

it("takes a broken connection for an unknown outcome", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(new Client("t").post("/order", {})).rejects.toMatchObject({ failure: "unknown", status: 0 });
});

it("logs in with a form and sends the token", async () => {
  const calls: [string, RequestInit][] = [];
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    calls.push([path, init]);
    return Promise.resolve(new Response('{"access_token":"abc"}'));
  });
  expect(await login("vnpy", "p&w")).toBe("abc");
  expect(String(calls[0]?.[1].body)).toBe("username=vnpy&password=p%26w");
  await new Client("abc").get("/order");
  expect(calls[1]?.[1].headers).toMatchObject({ Authorization: "Bearer abc" });
});

it("is an error like any other", () => expect(failed(404, { detail: "x" })).toBeInstanceOf(ApiError));
