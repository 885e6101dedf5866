// The transcript as the browser has it: rows in the order of their numbers, each once, and the cursor to resume from.

export interface Numbered {
  seq: number;
}

export class Rows<Row extends Numbered> {
  list: readonly Row[] = [];
  cursor = 0;
  /** The cursor we have already asked the server to repeat from; 0 because a history may begin anywhere. */
  private asked = 0;

  /** Adds what is new. `gap` means that rows between the cursor and these are missing: ask again from the cursor.
   * A gap that is still there after asking is the server's last word (rows were erased) and is accepted. */
  take(rows: readonly Row[]): { fresh: Row[]; gap: boolean } {
    const fresh: Row[] = [];
    for (const row of [...rows].sort((a, b) => a.seq - b.seq)) {
      if (row.seq <= this.cursor) continue;
      if (row.seq > this.cursor + 1 && this.asked !== this.cursor) {
        this.asked = this.cursor;
        this.append(fresh);
        return { fresh, gap: true };
      }
      this.cursor = row.seq;
      fresh.push(row);
    }
    this.append(fresh);
    return { fresh, gap: false };
  }

  /** Something about a row is another now. */
  change(seq: number, news: Partial<Row>): void {
    this.list = this.list.map((row) => (row.seq === seq ? { ...row, ...news } : row));
  }

  /** Forgets everything: another conversation, or the server said so. */
  reset(): void {
    this.list = [];
    this.cursor = 0;
    this.asked = 0;
  }

  private append(fresh: Row[]): void {
    if (fresh.length) this.list = [...this.list, ...fresh];
  }
}
