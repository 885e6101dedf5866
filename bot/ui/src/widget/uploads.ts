// Files on their way up: checked before they leave, carried with progress, each refusal in words.
import type { ErrorView, FileView, Lang, UploadView } from "../shared/wire";

const MB = 1_000_000;
export const FILE_LIMIT = 10 * MB;
export const FILES_LIMIT = 10;

/** One chosen file; `share` from 0 to 1; exactly one of `file` and `error` at the end. */
export interface Upload {
  readonly key: number;
  readonly name: string;
  readonly size: number;
  share: number;
  file: FileView | null;
  error: string;
  stop(): void;
}

export interface Words {
  tooLarge: string;
  tooMany: string;
  empty: string;
  failed: string;
}

export interface Carrier {
  /** Posts the file; `moved` tells the share that has gone. Resolves with what came back, rejects without a network. */
  post(url: string, file: File, token: string, moved: (share: number) => void): { done: Promise<{ status: number; text: string }>; stop(): void };
}

export const xhr: Carrier = {
  post(url, file, token, moved) {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file);
    const done = new Promise<{ status: number; text: string }>((resolve, reject) => {
      request.onload = () => resolve({ status: request.status, text: request.responseText });
      request.onerror = request.onabort = request.ontimeout = () => reject(new Error("no network"));
      request.upload.onprogress = ({ loaded, total }) => moved(total ? loaded / total : 0);
    });
    request.open("POST", url);
    request.timeout = 120_000;
    request.setRequestHeader("X-Visitor", token);
    request.send(form);
    return { done, stop: () => request.abort() };
  },
};

export class Uploads {
  list: Upload[] = [];
  private keys = 0;

  constructor(
    private readonly words: () => Words & { lang: Lang },
    private readonly token: () => string | null,
    /** Something has changed: draw it. */
    private readonly changed: () => void,
    private readonly carrier: Carrier = xhr,
  ) {}

  get ready(): FileView[] {
    return this.list.flatMap(({ file }) => file ?? []);
  }

  get going(): number {
    return this.list.filter(({ file, error }) => !file && !error).length;
  }

  add(files: readonly File[]): void {
    for (const file of files) this.start(file);
    this.changed();
  }

  drop(key: number): void {
    this.list.find((one) => one.key === key)?.stop();
    this.list = this.list.filter((one) => one.key !== key);
    this.changed();
  }

  /** What was refused stays in sight until it is dropped; the rest has left with a message. */
  sent(): void {
    this.list = this.list.filter(({ error }) => error);
  }

  private start(file: File): void {
    const words = this.words();
    const upload: Upload = { key: ++this.keys, name: file.name, size: file.size, share: 0, file: null, error: "", stop() {} };
    const taken = this.list.filter(({ error }) => !error).length;
    this.list = [...this.list, upload];
    if (file.size > FILE_LIMIT) upload.error = words.tooLarge;
    else if (!file.size) upload.error = words.empty;
    else if (taken >= FILES_LIMIT) upload.error = words.tooMany;
    else void this.carry(file, upload);
  }

  private async carry(file: File, upload: Upload): Promise<void> {
    const words = this.words();
    const token = this.token();
    try {
      if (!token) throw new Error("not welcomed yet");
      const url = `/api/widget/files?lang=${words.lang}`;
      const { done, stop } = this.carrier.post(url, file, token, (share) => {
        upload.share = share;
        this.changed();
      });
      upload.stop = stop;
      const { status, text } = await done;
      const said = JSON.parse(text) as Partial<UploadView & ErrorView>;
      if (status === 200 && said.file) upload.file = said.file;
      else upload.error = said.text || words.failed;
    } catch {
      upload.error = words.failed;
    }
    this.changed();
  }
}

/** "340 kB", "2.4 MB". */
export function size(bytes: number, lang: Lang): string {
  const [unit, value] = bytes < MB ? (["kilobyte", Math.max(1, Math.round(bytes / 1000))] as const) : (["megabyte", bytes / MB] as const);
  return value.toLocaleString(lang, { style: "unit", unit, maximumFractionDigits: 1 });
}
