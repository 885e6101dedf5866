// What every settings screen is made of: its head, sections, labelled fields, switches and choices.
import { type ComponentChildren, Fragment, h, type TargetedFocusEvent } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../../shared/icons";
import { BACK } from "../icons";
import type { Loaded } from "./door";
import { words } from "./words";

interface PageProps {
  title: string;
  hint?: string;
  actions?: ComponentChildren;
  wide?: boolean;
  children: ComponentChildren;
}

export function Page({ title, hint, actions, wide, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // On a phone the menu that was touched is gone: the focus goes to where the eyes go.
  useLayoutEffect(() => {
    const held = document.activeElement as HTMLElement | null;
    if (!held || held === document.body || held.offsetParent === null) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class={`lead-body ${wide ? "wide" : ""}`}>
      <header class="lead-head">
        <a class="tool lead-back" href="#/lead" aria-label={words.value.toMenu}>
          <Icon d={BACK} />
        </a>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions && <div class="lead-actions">{actions}</div>}
        {hint && <p class="lead-hint">{hint}</p>}
      </header>
      {children}
    </div>
  );
}

export function Section({ title, hint, actions, children }: Omit<PageProps, "wide">) {
  return (
    <section class="lead-section">
      <header>
        <h2>{title}</h2>
        {actions}
        {hint && <p class="soft">{hint}</p>}
      </header>
      {children}
    </section>
  );
}

/** What a screen shows until its data is there, and when it does not come. */
export function Ready<Data>({ loaded, children }: { loaded: Loaded<Data>; children: (data: Data) => ComponentChildren }) {
  if (loaded.data !== null)
    return (
      <>
        {loaded.error && <Alarm text={loaded.error} />}
        {children(loaded.data)}
      </>
    );
  if (!loaded.error) return <p class="soft lead-wait">{words.value.loading}</p>;
  return (
    <div class="lead-failed">
      <Alarm text={loaded.error} />
      <button type="button" class="button" onClick={loaded.reload}>
        {words.value.retry}
      </button>
    </div>
  );
}

export function Alarm({ text }: { text: string }) {
  return text ? (
    <p class="alarm" role="alert">
      {text}
    </p>
  ) : null;
}

/** A place for good news, read out when it comes. */
export function Told({ text }: { text: string }) {
  return (
    <p class={text ? "told" : "hidden"} role="status">
      {text}
    </p>
  );
}

export function Empty({ title, text }: { title: string; text?: string }) {
  return (
    <div class="lead-empty">
      <b>{title}</b>
      {text && <p>{text}</p>}
    </div>
  );
}

export interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  error?: string;
  /** The label is there for those who listen only: the place says it to those who look. */
  bare?: boolean;
}

type Inside = (names: { id: string; "aria-describedby"?: string; "aria-invalid"?: "true" }) => ComponentChildren;

/** Label above, hint and error below, tied together for those who listen. */
export function Field({ label, hint, error, bare, children }: FieldProps & { children: Inside }) {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div class={`lead-field ${error ? "wrong" : ""}`}>
      <label for={id} class={bare ? "hidden" : undefined}>
        {label}
      </label>
      {children({ id, ...(described ? { "aria-describedby": described } : {}), ...(error ? { "aria-invalid": "true" as const } : {}) })}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface Native {
  type?: "text" | "search" | "password" | "url" | "date";
  list?: string;
  lang?: string;
  autocomplete?: string;
  autocapitalize?: string;
  spellcheck?: boolean;
  maxLength?: number;
  placeholder?: string;
  disabled?: boolean;
  readOnly?: boolean;
  onFocus?(event: TargetedFocusEvent<HTMLInputElement>): void;
}

interface TextProps extends FieldProps, Native {
  value: string;
  onText(value: string): void;
}

export function Text({ label, hint, error, bare, onText, ...rest }: TextProps) {
  return (
    <Field label={label} hint={hint} error={error} bare={bare}>
      {(names) => <input {...(rest as object)} {...names} onInput={(event) => onText(event.currentTarget.value)} />}
    </Field>
  );
}

interface AreaProps extends FieldProps {
  value: string;
  onText(value: string): void;
  rows?: number;
  maxLength?: number;
  placeholder?: string;
  lang?: string;
  area?: { current: HTMLTextAreaElement | null };
}

export function Area({ label, hint, error, bare, onText, area, ...rest }: AreaProps) {
  return (
    <Field label={label} hint={hint} error={error} bare={bare}>
      {(names) => <textarea {...rest} {...names} ref={area} dir="auto" onInput={(event) => onText(event.currentTarget.value)} />}
    </Field>
  );
}

interface WholeProps extends FieldProps {
  value: number;
  limit: readonly [number, number];
  unit?: string;
  onNumber(value: number): void;
}

/** A whole number with its unit; what cannot be read is NaN, which no rule accepts. */
export function Whole({ label, hint, error, bare, value, limit, unit, onNumber }: WholeProps) {
  return (
    <Field label={label} hint={hint} error={error} bare={bare}>
      {(names) => (
        <span class="with-unit">
          <input
            {...names}
            type="number"
            inputMode="numeric"
            min={limit[0]}
            max={limit[1]}
            step={1}
            value={Number.isNaN(value) ? "" : value}
            onInput={(event) => onNumber(event.currentTarget.value === "" ? Number.NaN : Number(event.currentTarget.value))}
          />
          {unit && <span>{unit}</span>}
        </span>
      )}
    </Field>
  );
}

interface PickProps extends FieldProps {
  value: string;
  options: readonly (readonly [value: string, title: string])[];
  onPick(value: string): void;
  disabled?: boolean;
}

export function Pick({ label, hint, error, bare, value, options, onPick, disabled }: PickProps) {
  return (
    <Field label={label} hint={hint} error={error} bare={bare}>
      {(names) => (
        <select {...names} value={value} disabled={disabled} onChange={(event) => onPick(event.currentTarget.value)}>
          {options.map(([code, title]) => (
            <option key={code} value={code} selected={code === value}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface SwitchProps {
  label: string;
  hint?: ComponentChildren;
  on: boolean;
  disabled?: boolean;
  onSwitch(on: boolean): void;
}

export function Switch({ label, hint, on, disabled, onSwitch }: SwitchProps) {
  const id = useId();
  return (
    <div class="lead-switch">
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={on}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onSwitch(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
