// The number of requests that need this operator, where a hidden tab still shows it: title, favicon, app icon.
import { effect } from "@preact/signals";
import { lang, needMe, session } from "./store";

const PLAIN = "/static/icon.svg";
const DOTTED = "/static/icon-dot.svg";

export function showBadge(): void {
  const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  effect(() => {
    document.documentElement.lang = lang.value;
  });
  effect(() => {
    const count = session.value ? needMe.value : 0;
    document.title = `${count ? `(${count}) ` : ""}Zeroline`;
    const href = count ? DOTTED : PLAIN;
    if (icon && icon.getAttribute("href") !== href) icon.setAttribute("href", href);
    const app = navigator as { setAppBadge?(count: number): Promise<void> };
    void app.setAppBadge?.(count).catch(() => null);
  });
}
