// Known troubles over the list, so that whoever answers knows what half of the questions are about.
import { signal } from "@preact/signals";
import { h } from "preact";
import { useEffect } from "preact/hooks";
import { Icon } from "../shared/icons";
import type { IncidentPage, IncidentView } from "../shared/wire";
import { INFO } from "./icons";
import { api, lang, welcomed, words } from "./store";

const EVERY = 60_000;
const troubles = signal<readonly IncidentView[]>([]);

/** Asked for now and then; what cannot be learned is not shown. */
async function look(): Promise<void> {
  if (document.hidden || !welcomed.value) return;
  try {
    troubles.value = (await api.call<IncidentPage>("GET", "incidents")).incidents.filter(({ state }) => state === "active");
  } catch {
    // The next look may learn it.
  }
}

export function Troubles() {
  useEffect(() => {
    void look();
    const timer = setInterval(() => void look(), EVERY);
    return () => clearInterval(timer);
  }, [welcomed.value]);
  if (!troubles.value.length) return null;
  return (
    <ul class="troubles" aria-label={words.value.trouble}>
      {troubles.value.map((one) => (
        <li key={one.id} data-incident={one.number} title={one.text[lang.value]}>
          <Icon d={INFO} />
          <span dir="auto">
            <b>{words.value.trouble}:</b> {one.title[lang.value] || one.title.ru || one.title.en}
          </span>
        </li>
      ))}
    </ul>
  );
}
