// Files on their way into a reply: uploaded at once, kept per conversation until the reply is sent.
import { signal } from "@preact/signals";
import { newCid } from "../shared/cid";
import type { FileView } from "../shared/wire";
import { type Api, textOf } from "./api";

export interface Upload {
  id: string;
  name: string;
  state: "uploading" | "ready" | "failed";
  error: string;
  file: FileView | null;
}

const MOST = 10;
const NONE: readonly Upload[] = [];

export class Uploads {
  private readonly all = signal<Readonly<Record<string, readonly Upload[]>>>({});

  constructor(private readonly api: Pick<Api, "upload">) {}

  of(conversation: string): readonly Upload[] {
    return this.all.value[conversation] ?? NONE;
  }

  async add(conversation: string, files: readonly File[]): Promise<void> {
    const room = MOST - this.of(conversation).length;
    await Promise.all(files.slice(0, Math.max(0, room)).map((file) => this.upload(conversation, file)));
  }

  /** Files that came back with a reply that was taken back. */
  restore(conversation: string, files: readonly FileView[]): void {
    const back = files.map((file): Upload => ({ id: file.id, name: file.name, state: "ready", error: "", file }));
    this.set(conversation, [...this.of(conversation), ...back]);
  }

  remove(conversation: string, id: string): void {
    this.set(conversation, this.of(conversation).filter((one) => one.id !== id));
  }

  /** The files of a reply that goes now; failed ones are left behind. */
  collect(conversation: string): FileView[] {
    const ready = this.of(conversation).flatMap(({ file }) => file ?? []);
    this.set(conversation, NONE);
    return ready;
  }

  private async upload(conversation: string, file: File): Promise<void> {
    const id = newCid();
    this.set(conversation, [...this.of(conversation), { id, name: file.name, state: "uploading", error: "", file: null }]);
    try {
      const { file: stored } = await this.api.upload(conversation, file);
      this.change(conversation, id, { state: "ready", file: stored });
    } catch (error) {
      this.change(conversation, id, { state: "failed", error: textOf(error) });
    }
  }

  private change(conversation: string, id: string, change: Partial<Upload>): void {
    this.set(conversation, this.of(conversation).map((one) => (one.id === id ? { ...one, ...change } : one)));
  }

  private set(conversation: string, uploads: readonly Upload[]): void {
    this.all.value = { ...this.all.value, [conversation]: uploads };
  }
}
