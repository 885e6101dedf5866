// Choices that are all in sight: pills to tick, cards of which one is chosen, and a small bar that filters.
import { type ComponentChildren, h } from "preact";
import { useId } from "preact/hooks";

interface PillsProps {
  legend: string;
  hint?: string;
  error?: string;
  /** Said when nothing is chosen, where nothing means all. */
  none?: string;
  options: readonly (readonly [value: string, title: string, blocked?: string])[];
  chosen: readonly string[];
  disabled?: boolean;
  onChoose(chosen: string[]): void;
}

/** Any number of them; a blocked one says why when it is pointed at. */
export function Pills({ legend, hint, error, none, options, chosen, disabled, onChoose }: PillsProps) {
  const id = useId();
  const toggle = (value: string, on: boolean) => onChoose(on ? [...chosen, value] : chosen.filter((one) => one !== value));
  return (
    <fieldset class={`pills ${error ? "wrong" : ""}`} aria-describedby={`${id}-hint`} disabled={disabled}>
      <legend>{legend}</legend>
      <div class="pill-row">
        {none && <span class={`pill-none ${chosen.length ? "off" : ""}`}>{none}</span>}
        {options.map(([value, title, blocked]) => (
          <label key={value} class={`pill ${blocked ? "blocked" : ""}`} title={blocked}>
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              disabled={Boolean(blocked) && !chosen.includes(value)}
              onChange={(event) => toggle(value, event.currentTarget.checked)}
            />
            <span>{title}</span>
          </label>
        ))}
      </div>
      <p class="field-hint" id={`${id}-hint`}>
        {error && <b class="field-error">{error} </b>}
        {hint}
      </p>
    </fieldset>
  );
}

interface CardsProps {
  legend: string;
  name: string;
  value: string;
  options: readonly { value: string; title: string; hint?: ComponentChildren; disabled?: boolean }[];
  disabled?: boolean;
  onPick(value: string): void;
}

/** Exactly one of them, each with a line that explains it. */
export function Cards({ legend, name, value, options, disabled, onPick }: CardsProps) {
  const id = useId();
  return (
    <fieldset class="cards" disabled={disabled}>
      <legend>{legend}</legend>
      <div class="card-row">
        {options.map((option) => (
          <label key={option.value} class="choice">
            <input
              type="radio"
              name={`${name}-${id}`}
              checked={option.value === value}
              disabled={option.disabled}
              onChange={() => onPick(option.value)}
            />
            <span class="choice-title">{option.title}</span>
            {option.hint && <span class="choice-hint">{option.hint}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface TabsProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, title: string, count?: number])[];
  onPick(value: string): void;
}

/** A filter of which one part is always chosen. */
export function Segments({ label, value, options, onPick }: TabsProps) {
  return (
    <div class="segments" role="group" aria-label={label}>
      {options.map(([code, title, count]) => (
        <button key={code} type="button" aria-pressed={code === value} onClick={() => onPick(code)}>
          {title}
          {count !== undefined && <small>{count}</small>}
        </button>
      ))}
    </div>
  );
}
