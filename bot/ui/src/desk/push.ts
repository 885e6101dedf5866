// Web push of this browser: asks for permission, subscribes, and tells the server where to knock.
import type { PushBody } from "../shared/wire";
import type { Api } from "./api";

const WORKER = "/desk-sw.js";

export function supported(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** Is this browser told already? */
export async function subscribed(): Promise<boolean> {
  if (!supported()) return false;
  const worker = await navigator.serviceWorker.getRegistration(WORKER);
  return (await worker?.pushManager.getSubscription()) != null;
}

/** False when the person or the browser says no. Raises ApiError, or what the browser's push service raises. */
export async function subscribe(api: Api, key: string): Promise<boolean> {
  if (!supported() || (await Notification.requestPermission()) !== "granted") return false;
  await navigator.serviceWorker.register(trusted(WORKER));
  const worker = await navigator.serviceWorker.ready;
  const found = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  await api.call("POST", "push", body(found));
  return true;
}

export async function unsubscribe(api: Api): Promise<void> {
  const worker = await navigator.serviceWorker.getRegistration(WORKER);
  const found = await worker?.pushManager.getSubscription();
  if (!found) return;
  await api.call("DELETE", "push", body(found));
  await found.unsubscribe();
}

function body(found: PushSubscription): PushBody {
  const { endpoint = "", keys = {} } = found.toJSON();
  return { endpoint, p256dh: keys.p256dh ?? "", auth: keys.auth ?? "" };
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** The page's policy lets only this one address become a worker. */
function trusted(url: string): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  if (!policies) return url;
  try {
    policy ??= policies.createPolicy("zeroline-worker", { createScriptURL: (asked) => (asked === WORKER ? asked : "") });
  } catch {
    return url;
  }
  return policy.createScriptURL(url);
}

let policy: ReturnType<Policies["createPolicy"]> | undefined;
