// Calls of the classic REST surface. Every failure is one `ApiError` that knows the one thing which
// matters to a trader: whether the request may have been carried out all the same.
import { t } from "../i18n";

export type Failure = "login" | "refused" | "away" | "unknown";

export class ApiError extends Error {
  readonly failure: Failure;
  readonly status: number;

  constructor(failure: Failure, status: number, text: string) {
    super(text);
    this.failure = failure;
    this.status = status;
  }
}

/** Longer than the server's own deadline for a call to the trading process, so that its answer comes first. */
const DEADLINE_MS = 35_000;

export class Client {
  token: string;

  constructor(token: string) {
    this.token = token;
  }

  get(path: string): Promise<unknown> {
    return this.#call("GET", path);
  }

  post(path: string, body?: object): Promise<unknown> {
    return this.#call("POST", path, body);
  }

  delete(path: string): Promise<unknown> {
    return this.#call("DELETE", path);
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const headers: Record<string, string> = { Authorization: `Bearer ${this.token}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return send(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }
}

/** Logs in and gives the token, or throws an `ApiError` with failure `login` where name or password are wrong. */
export async function login(username: string, password: string): Promise<string> {
  const body = new URLSearchParams({ username, password });
  const answer = await send("/token", { method: "POST", body });
  const token = (answer as { access_token?: unknown } | null)?.access_token;
  if (typeof token !== "string") throw new ApiError("refused", 200, t("error.status", { status: 200 }));
  return token;
}

async function send(path: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, { ...init, signal: AbortSignal.timeout(DEADLINE_MS), credentials: "same-origin" });
    text = await response.text();
  } catch {
    throw new ApiError("unknown", 0, t("error.network"));
  }
  const body = parse(text);
  if (response.ok) return body;
  throw failed(response.status, body);
}

/** The one mapping from a status to what it means here. */
export function failed(status: number, body: unknown): ApiError {
  const said = detail(body);
  if (status === 401) return new ApiError("login", status, said);
  if (status === 503) return new ApiError("away", status, said === "" ? t("error.away") : `${t("error.away")} (${said})`);
  if (status === 504) return new ApiError("unknown", status, said || t("error.timeout"));
  if (status >= 500) return new ApiError("unknown", status, said || t("error.status", { status }));
  return new ApiError("refused", status, said || t("error.status", { status }));
}

/** FastAPI's `detail`: a text, or a list of `{loc, msg}`. */
export function detail(body: unknown): string {
  const value = (body as { detail?: unknown } | null)?.detail;
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return "";
  return value.map((item: { loc?: unknown; msg?: unknown }) => {
    const where = Array.isArray(item.loc) ? item.loc.slice(1).join(".") : "";
    return where === "" ? String(item.msg ?? "") : `${where}: ${String(item.msg ?? "")}`;
  }).join("; ");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
