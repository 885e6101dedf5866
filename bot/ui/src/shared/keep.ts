// What the browser keeps between pages; falls back to memory where storage is blocked, so nobody has to ask.

const PREFIX = "zeroline.";

/** Strings under our own prefix of one Storage. Never throws. */
export class Keep {
  private readonly memory = new Map<string, string>();

  constructor(private readonly storage: () => Storage = () => localStorage) {}

  get(key: string): string | null {
    try {
      return this.storage().getItem(PREFIX + key) ?? this.memory.get(key) ?? null;
    } catch {
      return this.memory.get(key) ?? null;
    }
  }

  set(key: string, value: string): void {
    this.memory.set(key, value);
    try {
      this.storage().setItem(PREFIX + key, value);
    } catch {
      // Blocked or full: this page remembers, the next one will not.
    }
  }

  drop(key: string): void {
    this.memory.delete(key);
    try {
      this.storage().removeItem(PREFIX + key);
    } catch {
      // Blocked: there was nothing to remove.
    }
  }

  /** Keys that begin with `head`, in no order. */
  keys(head: string): string[] {
    const found = new Set([...this.memory.keys()].filter((key) => key.startsWith(head)));
    try {
      const storage = this.storage();
      for (let at = 0; at < storage.length; at += 1) {
        const key = storage.key(at);
        if (key?.startsWith(PREFIX + head)) found.add(key.slice(PREFIX.length));
      }
    } catch {
      // Blocked: memory is all there is.
    }
    return [...found];
  }
}
