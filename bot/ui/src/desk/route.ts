// The address names what is on the screen, so that Back works and a colleague can be sent a link.
import { isView, type View } from "./views";

export type Place =
  | { kind: "view"; id: View }
  | { kind: "ticket"; id: string }
  | { kind: "conversation"; id: string }
  | { kind: "lead"; id: string };

/** `#/v/<view>`, `#/t/<ticket>`, `#/c/<conversation>`, `#/lead/<screen>`; anything else is `fallback`'s list. */
export function parse(hash: string, fallback: View): Place {
  const [, kind, word = ""] = hash.split("/");
  const id = decodeURIComponent(word);
  // `#/ticket/` is how links were written before there were views.
  if ((kind === "t" || kind === "ticket") && id) return { kind: "ticket", id };
  if (kind === "c" && id) return { kind: "conversation", id };
  if (kind === "lead") return { kind: "lead", id: hash.split("/").slice(2).map(decodeURIComponent).join("/") };
  return { kind: "view", id: kind === "v" && isView(id) ? id : fallback };
}

export const toView = (view: View): string => `#/v/${view}`;
export const toTicket = (id: string): string => `#/t/${encodeURIComponent(id)}`;
export const toConversation = (id: string): string => `#/c/${encodeURIComponent(id)}`;

export function go(hash: string): void {
  location.hash = hash;
}
