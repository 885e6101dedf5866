// The script a site embeds: draws the launcher, makes the widget's frame at the first opening, offers window.Zeroline.
// Nothing is stored and nothing is connected before the visitor opens the chat.
import type { ToLoader, ToWidget } from "../shared/frame";
import type { Lang } from "../shared/wire";
import css from "./launcher.css?inline";

type Event = "open" | "close" | "unread";
type Listener = (count: number) => void;
type Call = [name: "open" | "close" | "toggle"] | [name: "on", event: Event, listener: Listener];

const WORDS = { ru: "Чат поддержки", en: "Support chat" };
/** A frame that says nothing for this long is not shown: it would cover a phone's page with emptiness. */
const PATIENCE = 15_000;
const MEMORY = "zeroline";

const script = document.currentScript as HTMLScriptElement;
const { origin } = new URL(script.src);
const { lang: wanted, accent: colour = "", side } = script.dataset;
const accent = /^#[\da-f]{6}$/i.test(colour) ? colour : "";
/** Relative luminance of the three channels with a plain power of 2.2; at 0.18 black and white read equally well. */
const light = (at: number) => (parseInt(accent.slice(at, at + 2), 16) / 255) ** 2.2;
const ink = accent && (light(1) * 0.21 + light(3) * 0.72 + light(5) * 0.07 > 0.18 ? "#000" : "#fff");
const make = <Name extends keyof HTMLElementTagNameMap>(name: Name) => document.createElement(name);
const host = make("zeroline-chat" as "div");
const root = host.attachShadow({ mode: "open" });
const button = make("button");
const word = make("span");
const badge = make("sup");
const listeners: [Event, Listener][] = [];

let lang: Lang = /^ru/i.test(wanted || document.documentElement.lang || navigator.language) ? "ru" : "en";
let frame: HTMLIFrameElement | undefined;
let ready = false;
let shown = false;
let unread = 0;
let focus = true;

function draw(): void {
  host.className = [side, shown && "open", shown && ready && "show"].join(" ");
  word.textContent = WORDS[lang];
  badge.textContent = unread && !shown ? `${unread}` : "";
  button.ariaExpanded = `${shown}`;
}

function tell(zeroline: ToWidget["zeroline"]): void {
  const message: ToWidget = { zeroline, lang, accent, ink, focus, url: location.href, title: document.title };
  frame!.contentWindow!.postMessage(message, origin);
}

function hear({ source, origin: from, data }: MessageEvent<ToLoader>): void {
  if (source !== frame?.contentWindow || from !== origin || !data.zeroline) return;
  if ("lang" in data) lang = data.lang;
  else if ("count" in data) fire("unread", (unread = data.count));
  else if (ready) close();
  else {
    ready = true;
    if (shown) present();
  }
  draw();
}

function makeFrame(): void {
  frame = make("iframe");
  frame.title = WORDS[lang];
  frame.src = origin + "/widget";
  frame.onload = () => {
    ready = false;
    tell("init");
  };
  addEventListener("message", hear);
  root.prepend(frame);
  setTimeout(giveUp, PATIENCE);
}

function giveUp(): void {
  if (ready) return;
  frame!.remove();
  frame = undefined;
  close();
}

function present(): void {
  draw();
  if (focus) frame!.focus();
  tell("shown");
  focus = true;
}

function show(now: boolean): void {
  if (shown === now) return;
  shown = now;
  memory(`${now}`);
  draw();
  if (!now) {
    // Only the focus that was ours to give: a site may close the chat while the visitor is elsewhere on the page.
    if (document.activeElement === host) button.focus();
    if (ready) tell("hidden");
  } else if (!frame) makeFrame();
  else if (ready) present();
  fire(now ? "open" : "close", unread);
}

const open = () => show(true);
const close = () => show(false);
const toggle = () => show(!shown);

function fire(event: Event, count: number): void {
  for (const [name, listener] of listeners) if (name === event) listener(count);
}

const api = {
  open,
  close,
  toggle,
  on: (event: Event, listener: Listener) => listeners.push([event, listener]),
  /** Calls made before this script arrived, as `(window.Zeroline ||= []).push(["open"])`; the form works later too. */
  push: ([name, ...values]: Call) => (api[name] as (...values: unknown[]) => void)(...values),
};

/** What this tab remembers of an opened chat: nothing before the first opening, or where storage is blocked. */
function memory(now?: string): string | undefined {
  try {
    if (now) sessionStorage[MEMORY] = now;
    return sessionStorage[MEMORY] as string | undefined;
  } catch {
    return now;
  }
}

/** A visitor who went to another page of the site finds the chat as it was left; on a phone it stays closed. */
function resume(): void {
  const left = memory();
  if (left === "true" && innerWidth > 640) {
    focus = false;
    open();
  } else if (left) makeFrame();
}

function mount(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  if (accent) {
    host.style.setProperty("--accent", accent);
    host.style.setProperty("--ink", ink);
  }
  button.onclick = toggle;
  button.onkeydown = ({ key }) => void (key === "Escape" && close());
  button.append(word, badge);
  root.append(button);
  document.body.append(host);
  const early = window.Zeroline as Call[] | undefined;
  window.Zeroline = api;
  resume();
  draw();
  early?.forEach(api.push);
}

declare global {
  interface Window {
    Zeroline?: unknown;
  }
}

if (document.body) mount();
else addEventListener("DOMContentLoaded", mount);
