// What a waiting customer may still choose; read from the rows, so that a reload changes nothing.
import type { MessageView } from "../shared/wire";

/** By the id of a choice: what it leaves to choose. */
const STILL_OPEN: Record<string, readonly string[]> = { wait: ["write", "bot"], write: ["bot"], bot: [] };

/** The buttons of a handoff that mean something after what the customer has chosen since. */
export function choices({ seq, buttons }: MessageView, rows: readonly MessageView[]): MessageView["buttons"] {
  const said = rows.filter((row) => row.seq > seq && row.author === "customer");
  const chosen = buttons.findLast(({ title }) => said.some(({ text }) => text === title));
  return chosen ? buttons.filter(({ id }) => STILL_OPEN[chosen.id]?.includes(id)) : buttons;
}
