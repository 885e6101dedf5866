// The transcript as it is drawn: rows, the notes that stand between them, and where each request began.
import type { DeskMessageView, NoteView, TicketView } from "../shared/wire";

export type Item =
  | { kind: "row"; key: string; at: string; row: DeskMessageView; named: boolean }
  | { kind: "note"; key: string; at: string; note: NoteView }
  | { kind: "episode"; key: string; at: string; ticket: TicketView };

/** `earlier`: there are older rows; notes and beginnings that belong to them wait for them. */
export function weave(
  rows: readonly DeskMessageView[],
  notes: readonly NoteView[],
  tickets: readonly TicketView[],
  earlier: boolean,
): Item[] {
  const first = rows[0];
  const shown = (at: string, seq: number) => !earlier || !first || (seq ? seq >= first.seq : at >= first.at);
  const waiting = [...notes].filter((note) => shown(note.at, note.after_seq)).sort((a, b) => a.after_seq - b.after_seq || (a.at < b.at ? -1 : 1));
  const begun = [...tickets].filter((ticket) => shown(ticket.opened_at, 0)).sort((a, b) => (a.opened_at < b.opened_at ? -1 : 1));
  const items: Item[] = [];
  const noted = (until: number) => {
    for (; waiting[0] && waiting[0].after_seq < until; waiting.shift())
      items.push({ kind: "note", key: waiting[0].id, at: waiting[0].at, note: waiting[0] });
  };
  const opened = (until: string) => {
    for (; begun[0] && begun[0].opened_at <= until; begun.shift())
      items.push({ kind: "episode", key: begun[0].id, at: begun[0].opened_at, ticket: begun[0] });
  };
  rows.forEach((row) => {
    noted(row.seq);
    opened(row.at);
    const last = items.at(-1);
    const named = !(last?.kind === "row" && last.row.author === row.author && last.row.author_name === row.author_name);
    items.push({ kind: "row", key: `r${row.seq}`, at: row.at, row, named });
  });
  noted(Infinity);
  opened("~");
  return items;
}
