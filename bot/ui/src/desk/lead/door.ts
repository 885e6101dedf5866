// How the lead's screens ask the server: what is loaded when a screen appears, and one act at a time with its failure.
import { batch, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ApiError, textOf } from "../api";
import { api } from "../store";

/** One call below /api/desk. Raises ApiError with a sentence for people. */
export function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  return api.call<Answer>(method, path, body);
}

export interface Loaded<Data> {
  data: Data | null;
  error: string;
  reload(): void;
  /** Shows what an answer to a change has brought, without asking again. */
  put(data: Data): void;
}

/** Loads `path` when the screen appears and whenever the path changes; the old data stays until the new is there. */
export function useLoad<Data>(path: string): Loaded<Data> {
  const data = useSignal<Data | null>(null);
  const error = useSignal("");
  const turn = useSignal(0);
  useEffect(() => {
    let current = true;
    call<Data>("GET", path).then(
      (answer) => current && batch(() => ((data.value = answer), (error.value = ""))),
      (reason: unknown) => current && (error.value = textOf(reason)),
    );
    return () => void (current = false);
  }, [path, turn.value]);
  return { data: data.value, error: error.value, reload: () => (turn.value += 1), put: (next) => (data.value = next) };
}

/** Runs one act at a time: `busy` while it goes, `error` with what the server said. True when it went well. */
export interface Act {
  busy: boolean;
  error: string;
  /** The server's code of the error. */
  code: string;
  run(work: () => Promise<unknown>): Promise<boolean>;
  clear(): void;
}

export function useAct(): Act {
  const busy = useSignal(false);
  const failure = useSignal<{ code: string; text: string } | null>(null);
  return {
    busy: busy.value,
    error: failure.value?.text ?? "",
    code: failure.value?.code ?? "",
    clear: () => (failure.value = null),
    run: async (work) => {
      if (busy.peek()) return false;
      busy.value = true;
      failure.value = null;
      try {
        await work();
        return true;
      } catch (error) {
        failure.value = { code: error instanceof ApiError ? error.code : "", text: textOf(error) };
        return false;
      } finally {
        busy.value = false;
      }
    },
  };
}

