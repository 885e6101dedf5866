// What the server says needs this operator: a toast with a link, a sound, a word for people who listen to the screen.
import type { Reminder } from "../shared/wire";
import { toConversation } from "./route";
import { chime } from "./sound";
import * as store from "./store";

/** These are read at a glance; the others wait until somebody has seen them. */
const PASSING = ["new", "woke", "unclaimed", "reopened"];
const PASSES = 9_000;

export function remind({ id, kind, ticket, number, conversation, text }: Reminder): void {
  // An offer has a place of its own, with a countdown.
  if (kind !== "offer")
    store.toast({
      id,
      kind,
      text: text || `№${number}`,
      href: kind === "rush" ? "#/lead/incidents" : ticket ? `#/t/${ticket}` : conversation ? toConversation(conversation) : "",
      stays: PASSING.includes(kind) ? PASSES : 0,
    });
  store.news.value = text;
  if (store.sound.value) chime();
}
