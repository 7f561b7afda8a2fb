// Who is logged in. The token lives in memory and in sessionStorage, so that a reload of this tab needs
// no password and another tab knows nothing. When it is no longer taken, the login comes back over the
// page, and the page stays as it is behind it.
import { reactive, shallowRef } from "vue";
import { Client, login as askToken } from "./api/client";
import { goLive, type Live } from "./live";
import { note } from "./store";
import { tradingOver, type Trading } from "./trading";

const KEY = "webtrader.session";

export const session = reactive({ user: "", loggedIn: false, expired: false });
export const trading = shallowRef<Trading | null>(null);

const client = new Client("");
let live: Live | null = null;

/** Takes up the session of this tab, if it has one. */
export function resume(): void {
  const [user = "", token = ""] = (sessionStorage.getItem(KEY) ?? "").split("\n");
  if (token !== "") start(user, token);
}

/** Throws an `ApiError` where it fails. */
export async function login(user: string, password: string): Promise<void> {
  const token = await askToken(user, password);
  sessionStorage.setItem(KEY, `${user}\n${token}`);
  note("info", "log.loggedIn", { user });
  start(user, token);
}

export function logout(): void {
  end();
  session.expired = false;
  // A clean page for whoever comes next.
  location.reload();
}

function start(user: string, token: string): void {
  client.token = token;
  Object.assign(session, { user, loggedIn: true, expired: false });
  trading.value ??= tradingOver(client, expire);
  live = goLive(client, expire, (vtSymbol) => trading.value?.subscribe(vtSymbol) ?? Promise.resolve());
}

function expire(): void {
  if (!session.loggedIn) return;
  note("warn", "log.expired");
  end();
  session.expired = true;
}

function end(): void {
  live?.stop();
  live = null;
  sessionStorage.removeItem(KEY);
  session.loggedIn = false;
}
