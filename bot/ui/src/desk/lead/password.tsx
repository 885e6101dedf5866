// My password: changed with the current one, checked here before the server is asked.
import { useSignal } from "@preact/signals";
import { h } from "preact";
import type { PasswordBody } from "../../shared/wire";
import { session } from "../store";
import { call, useAct } from "./door";
import { Alarm, Page, Switch, Text, Told } from "./parts";
import { words } from "./words";

const SHORTEST = 12;
const LONGEST = 200;

export function MyPassword() {
  const t = words.value;
  const old = useSignal("");
  const fresh = useSignal("");
  const again = useSignal("");
  const shown = useSignal(false);
  const tried = useSignal(false);
  const told = useSignal("");
  const act = useAct();
  const wrong = {
    old: old.value ? "" : t.required,
    fresh: fresh.value.length < SHORTEST ? t.password.short : fresh.value === old.value ? t.password.same : "",
    again: again.value !== fresh.value ? t.password.differ : "",
  };
  const refusedOld = act.code === "wrong_password" ? act.error : "";
  const error = (name: keyof typeof wrong) => (tried.value ? wrong[name] : "");
  const submit = async (event: Event) => {
    event.preventDefault();
    tried.value = true;
    told.value = "";
    const form = event.currentTarget as HTMLFormElement;
    if (wrong.old || wrong.fresh || wrong.again) return focusWrong(form);
    const body: PasswordBody = { old: old.value, new: fresh.value };
    if (!(await act.run(() => call("POST", "me/password", body)))) return form.querySelector("input")?.focus();
    old.value = fresh.value = again.value = "";
    tried.value = false;
    told.value = t.password.done;
  };
  const type = shown.value ? "text" : "password";
  return (
    <Page title={t.screens.password} hint={t.password.hint}>
      <form class="narrow" noValidate onSubmit={(event) => void submit(event)}>
        {!refusedOld && <Alarm text={act.error} />}
        <input class="hidden" tabIndex={-1} aria-hidden="true" autocomplete="username" readOnly value={session.value?.operator.login ?? ""} />
        <Text label={t.password.old} type={type} autocomplete="current-password" maxLength={LONGEST} value={old.value} error={error("old") || refusedOld} onText={(text) => ((old.value = text), act.clear())} />
        <Text
          label={t.password.fresh}
          type={type}
          autocomplete="new-password"
          maxLength={LONGEST}
          hint={t.password.freshHint}
          value={fresh.value}
          error={error("fresh")}
          onText={(text) => (fresh.value = text)}
        />
        <Text label={t.password.again} type={type} autocomplete="new-password" maxLength={LONGEST} value={again.value} error={error("again")} onText={(text) => (again.value = text)} />
        <Switch label={t.password.show} on={shown.value} onSwitch={(on) => (shown.value = on)} />
        <p>
          <button class="button primary" disabled={act.busy}>
            {act.busy ? t.saving : t.password.change}
          </button>
        </p>
        <Told text={told.value} />
      </form>
    </Page>
  );
}

/** After the errors are drawn, the cursor goes to the first of them. */
export function focusWrong(form: HTMLElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
}
