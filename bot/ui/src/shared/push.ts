// Web push as the desk uses it: the worker is registered when the operator first asks to be told, never before.
import type { PushBody } from "./wire";

const WORKER = "/desk-sw.js";

interface Policy {
  createScriptURL(url: string): string;
}

/** Null where the page may not have a policy, or the browser knows nothing of them. */
function policy(): Policy | null {
  const types = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } }).trustedTypes;
  return (
    types?.createPolicy("zeroline-worker", {
      createScriptURL(url) {
        if (url !== WORKER) throw new TypeError(url);
        return url;
      },
    }) ?? null
  );
}

let trusted: Policy | null | undefined;

export function pushable(): boolean {
  return "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;
}

/** This browser's subscription, if there is one. */
export async function subscription(): Promise<PushSubscription | null> {
  if (!pushable()) return null;
  const worker = await navigator.serviceWorker.getRegistration("/");
  return (await worker?.pushManager.getSubscription()) ?? null;
}

/** Asks the browser for leave (call it from a click) and subscribes. `key`: `push_key` of the desk's welcome.
 * Null: the operator, or the browser, said no. */
export async function subscribe(key: string): Promise<PushBody | null> {
  if (!pushable() || (await Notification.requestPermission()) !== "granted") return null;
  if (trusted === undefined) trusted = policy();
  await navigator.serviceWorker.register(trusted ? trusted.createScriptURL(WORKER) : WORKER, { scope: "/" });
  const worker = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: key };
  try {
    return body(await worker.pushManager.subscribe(options));
  } catch {
    // Made with another key, before the installation moved: the old one is of no use.
    await (await worker.pushManager.getSubscription())?.unsubscribe();
    return worker.pushManager.subscribe(options).then(body, () => null);
  }
}

/** What the server must forget; null when there was nothing. */
export async function unsubscribe(): Promise<PushBody | null> {
  const held = await subscription();
  await held?.unsubscribe();
  return held && body(held);
}

/** A click on a notification while the desk is open: `open` is given the ticket's id. */
export function onNotice(open: (ticket: string) => void): void {
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (data?.zeroline === "open") open(data.ticket as string);
  });
}

function body(held: PushSubscription): PushBody {
  const { endpoint, keys } = held.toJSON() as { endpoint: string; keys: Record<string, string> };
  return { endpoint, p256dh: keys.p256dh!, auth: keys.auth! };
}
