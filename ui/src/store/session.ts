// Who is logged in. The token is in a cookie that no script can read; what is here is only what to show. When the
// server no longer knows us, the login comes back over the page, and the page stays as it is behind it.
import { reactive, shallowRef } from "vue";
import { api, onLoggedOut } from "../api/http";
import type { Schemas } from "../api/schemas";
import { connect, type Link, type Outcome } from "../link";
import { syncSettings, type Sync } from "./sync";

export type Role = Schemas["Me"]["role"];

export const session = reactive({
  user: "",
  role: "viewer" as Role,
  loggedIn: false,
  /** It was logged in, and is no longer. */
  expired: false,
  /** Whether it is known yet if this browser is logged in. */
  known: false,
});
/** The stream of whoever is logged in. */
export const link = shallowRef<Link | null>(null);

/** A token is good for half an hour. */
const REFRESH_MS = 10 * 60_000;

let sync: Sync | null = null;
let refresher: ReturnType<typeof setInterval> | undefined;

onLoggedOut(expire);

/** Takes up the session of this browser, if it has one. */
export async function resume(): Promise<void> {
  const me = await api.get<Schemas["Me"]>("/me");
  if (me.outcome === "done") start(me.data);
  session.known = true;
}

export async function login(username: string, password: string): Promise<Outcome<Schemas["Session"]>> {
  const opened = await api.post<Schemas["Session"]>("/session", { username, password });
  if (opened.outcome === "done") await resume();
  return opened;
}

export async function logout(): Promise<void> {
  const written = sync?.flush();
  end();
  // Without its session nothing can be written any more.
  await written;
  await api.delete("/session");
  // A clean page for whoever comes next.
  location.reload();
}

function start(me: Schemas["Me"]): void {
  // Another user after an expired login must not see what the first one had typed.
  if (session.expired && session.user !== me.user) return location.reload();
  Object.assign(session, { user: me.user, role: me.role, loggedIn: true, expired: false });
  link.value = connect();
  link.value.on("phase", (phase) => {
    if (phase.name === "ended" && phase.reason !== "closed") expire();
  });
  sync = syncSettings(me.user);
  refresher = setInterval(() => void refresh(), REFRESH_MS);
}

async function refresh(): Promise<void> {
  const fresh = await api.post<Schemas["Session"]>("/session/refresh");
  if (fresh.outcome === "done") link.value?.renew(fresh.data.token);
}

function expire(): void {
  if (!session.loggedIn) return;
  end();
  session.expired = true;
}

function end(): void {
  clearInterval(refresher);
  sync?.stop();
  link.value?.close();
  link.value = null;
  session.loggedIn = false;
}
