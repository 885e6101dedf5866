// The door: login and password, and a clear sentence when they do not open it.
import { useSignal } from "@preact/signals";
import { h } from "preact";
import { Mark } from "../shared/icons";
import { ApiError } from "./api";
import type { Desk } from "./desk";
import { LangButton } from "./menu";
import { expired, words } from "./store";

export function SignIn({ desk }: { desk: Desk }) {
  const t = words.value;
  const error = useSignal("");
  const busy = useSignal(false);
  const enter = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    busy.value = true;
    error.value = "";
    try {
      await desk.signIn(String(data.get("login")).trim(), String(data.get("password")));
    } catch (reason) {
      error.value = reason instanceof ApiError ? reason.text : String(reason);
      form.querySelector<HTMLInputElement>("[name=password]")?.select();
    }
    busy.value = false;
  };
  return (
    <main class="door">
      <form class="door-card" onSubmit={enter}>
        <Mark />
        <h1>Zeroline</h1>
        <p class="door-what">{t.desk}</p>
        {(error.value || expired.value) && (
          <p class={error.value ? "alarm" : "hint-box"} role="alert">
            {error.value || t.expired}
          </p>
        )}
        <label>
          {t.login}
          <input name="login" autocomplete="username" autocapitalize="none" spellcheck={false} required maxLength={100} />
        </label>
        <label>
          {t.password}
          <input name="password" type="password" autocomplete="current-password" required maxLength={200} />
        </label>
        <button class="button primary" disabled={busy.value}>
          {busy.value ? t.signingIn : t.signIn}
        </button>
      </form>
      <LangButton />
    </main>
  );
}
