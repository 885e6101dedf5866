// What the team does about the topic of this request, as a lead has written it down.
import { signal } from "@preact/signals";
import { h } from "preact";
import { useEffect } from "preact/hooks";
import type { PlaybookList, PlaybookView } from "../shared/wire";
import { plain } from "./format";
import { api, lang, session, words } from "./store";

const STALE = 10 * 60_000;
const playbooks = signal<readonly PlaybookView[]>([]);
let loaded = 0;

/** Asked for with the first request that has a topic, and now and then again; without an answer there is simply none. */
async function load(): Promise<void> {
  if (Date.now() - loaded < STALE) return;
  loaded = Date.now();
  try {
    playbooks.value = (await api.call<PlaybookList>("GET", "playbooks")).playbooks;
  } catch {
    loaded = 0;
  }
}

export function Playbook({ topic }: { topic: string }) {
  const known = playbooks.value.find((one) => one.topic === topic);
  const text = known?.[lang.value] || known?.ru || known?.en;
  useEffect(() => {
    if (topic && session.value) void load();
  }, [topic]);
  if (!topic || !text) return null;
  const List = /^\s*\d+[.)]/m.test(text) ? "ol" : "ul";
  return (
    <section data-part="playbook">
      <h2>{words.value.playbook}</h2>
      <List class="playbook">
        {text
          .split("\n")
          .map((line) => plain(line.replace(/^\s*(?:[-*]|\d+[.)])\s+/, "")))
          .filter(Boolean)
          .map((line) => (
            <li key={line} dir="auto">
              {line}
            </li>
          ))}
      </List>
    </section>
  );
}
