// Adding a person, and the window that shows a password for the only time.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useRef } from "preact/hooks";
import { Icon } from "../../shared/icons";
import type { NewPersonBody, NewPersonView, PersonView } from "../../shared/wire";
import { session } from "../store";
import { Cards } from "./choices";
import { call, useAct } from "./door";
import { CHECK, COPY } from "./icons";
import { Modal } from "./modal";
import { Alarm, Text, Told } from "./parts";
import { focusWrong } from "./password";
import { called, fill, words } from "./words";

type Role = PersonView["role"];
const ROLES: readonly Role[] = ["operator", "lead", "editor", "read_only", "admin", "owner"];

/** The roles that this person may give: only an owner makes owners. */
export function rolesFor(own: Role | undefined): readonly Role[] {
  return ROLES.filter((role) => role !== "owner" || own === "owner");
}

export function RoleCards({ value, disabled, onPick }: { value: Role; disabled?: boolean; onPick(role: Role): void }) {
  const t = words.value;
  const roles = rolesFor(session.value?.operator.role);
  const shown = roles.includes(value) ? roles : [value, ...roles];
  return (
    <Cards
      legend={t.people.role}
      name="role"
      value={value}
      disabled={disabled ?? false}
      options={shown.map((role) => ({ value: role, title: called(t.roles, role), hint: t.people.roleHint[role] }))}
      onPick={(role) => onPick(role as Role)}
    />
  );
}

export function NewPerson({ onMade, onClose }: { onMade(made: NewPersonView): void; onClose(): void }) {
  const t = words.value;
  const body = useSignal<NewPersonBody>({ login: "", name: "", role: "operator" });
  const tried = useSignal(false);
  const act = useAct();
  const box = useRef<HTMLDivElement>(null);
  const set = (part: Partial<NewPersonBody>) => {
    body.value = { ...body.value, ...part };
    act.clear();
  };
  const { login, name, role } = body.value;
  const taken = ["login_taken", "login_invalid"].includes(act.code) ? act.error : "";
  const misnamed = act.code === "name_invalid" ? act.error : "";
  const go = async () => {
    tried.value = true;
    if (!login.trim() || !name.trim()) return focusWrong(box.current!);
    const wanted = { login: login.trim(), name: name.trim(), role };
    await act.run(async () => onMade(await call<NewPersonView>("POST", "people", wanted)));
  };
  const required = (text: string) => (tried.value && !text.trim() ? t.required : "");
  return (
    <Modal
      title={t.people.add}
      onClose={onClose}
      onSubmit={() => void go()}
      actions={
        <>
          <button type="button" class="button" onClick={onClose}>
            {t.cancel}
          </button>
          <button class="button primary" disabled={act.busy}>
            {t.add}
          </button>
        </>
      }
    >
      <div ref={box} class="form">
        {!taken && !misnamed && <Alarm text={act.error} />}
        <div class="field-row">
          <Text label={t.people.name} hint={t.people.nameHint} value={name} maxLength={100} autocomplete="off" error={misnamed || required(name)} onText={(text) => set({ name: text })} />
          <Text
            label={t.people.login}
            hint={t.people.loginHint}
            value={login}
            maxLength={100}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            error={taken || required(login)}
            onText={(text) => set({ login: text })}
          />
        </div>
        <RoleCards value={role} onPick={(next) => set({ role: next })} />
      </div>
    </Modal>
  );
}

/** Closes only by its button: the password cannot be seen again. */
export function Password({ made: { person, password }, onClose }: { made: NewPersonView; onClose(): void }) {
  const t = words.value;
  return (
    <Modal title={t.people.passwordTitle} onSubmit={onClose} actions={<button class="button primary">{t.people.done}</button>}>
      <p>
        <b>{person.name}</b> · {t.people.login}: <code>{person.login}</code>
      </p>
      <Copied label={t.people.password} value={password} />
      <p class="hint-box">{t.people.passwordHint}</p>
    </Modal>
  );
}

/** A value to be taken along: selected when it is touched, copied by a button where the browser allows it. */
export function Copied({ label, value }: { label: string; value: string }) {
  const t = words.value;
  const told = useSignal("");
  const box = useRef<HTMLDivElement>(null);
  const copy = async () => {
    const field = box.current!.querySelector("input")!;
    field.select();
    try {
      await navigator.clipboard.writeText(value);
      told.value = t.copied;
    } catch {
      // No clipboard without https: it is selected, Ctrl+C does the rest.
      field.focus();
    }
  };
  return (
    <div class="copied" ref={box}>
      <Text label={label} readOnly value={value} spellcheck={false} onFocus={(event) => event.currentTarget.select()} onText={() => undefined} />
      <button type="button" class="button" aria-label={`${t.copy}: ${label}`} onClick={() => void copy()}>
        <Icon d={told.value ? CHECK : COPY} />
        {told.value || t.copy}
      </button>
      <span class="hidden">
        <Told text={told.value && fill("{what}: {told}", { what: label, told: told.value })} />
      </span>
    </div>
  );
}
