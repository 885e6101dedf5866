// The customer card: what is known and who says so, what is missing, what was found in the words and waits for a click.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Link } from "../shared/blocks";
import { Icon, OUT } from "../shared/icons";
import type { CardField, CustomerView, TicketView } from "../shared/wire";
import { PEN } from "./icons";
import { channelName } from "./marks";
import { Fact } from "./panel";
import { acts, may, words } from "./store";

export function Customer({ customer, ticket }: { customer: CustomerView; ticket: TicketView | null }) {
  const t = words.value;
  const { name, channel, lang: spoken, page_url, page_title, fields, connector } = customer;
  return (
    <section data-part="customer">
      <h2>{t.customer}</h2>
      <dl>
        {!fields.some(({ key }) => key === "name") && (
          <Fact name={t.name}>{name || ticket?.customer_name || <span class="missing">{t.missing}</span>}</Fact>
        )}
        <Fact name={t.spoken}>{t.chooseLang[spoken]}</Fact>
        <Fact name={t.channel}>{channelName(channel)}</Fact>
        {page_url && (
          <Fact name={t.page}>
            <Link href={page_url}>
              {page_title || page_url}
              <Icon d={OUT} />
            </Link>
          </Fact>
        )}
        {fields.map((field) => (
          <Field key={field.key} field={field} />
        ))}
      </dl>
      {connector === "failed" && (
        <p class="soft" role="status">
          {t.connectorFailed}
        </p>
      )}
    </section>
  );
}

function Field({ field }: { field: CardField }) {
  const t = words.value;
  const editing = useSignal(false);
  const { key, label, value, found, source } = field;
  const save = (next: string) => {
    editing.value = false;
    if (next !== (value ?? "")) void acts.value?.card(key, next);
  };
  return (
    <>
      <dt>{label}</dt>
      <dd data-field={key} data-known={value !== null}>
        {editing.value ? (
          <Edit label={label} value={value ?? found ?? ""} onSave={save} onCancel={() => (editing.value = false)} />
        ) : (
          <span class="field-value" dir="auto" title={t.source[source]}>
            {value ?? <span class="missing">{t.missing}</span>}
            {may("answer") && (
              <button type="button" class="tool small" aria-label={`${t.editField}: ${label}`} onClick={() => (editing.value = true)}>
                <Icon d={PEN} />
              </button>
            )}
          </span>
        )}
        {found && found !== value && !editing.value && (
          <span class="found" dir="auto">
            <span class="hidden">{t.found} </span>
            {found}
            {may("answer") && (
              <button type="button" class="plain-button" aria-label={`${t.confirm}: ${label}, ${found}`} onClick={() => save(found)}>
                {t.confirm}
              </button>
            )}
          </span>
        )}
      </dd>
    </>
  );
}

interface EditProps {
  label: string;
  value: string;
  onSave(value: string): void;
  onCancel(): void;
}

function Edit({ label, value, onSave, onCancel }: EditProps) {
  const t = words.value;
  const box = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => box.current!.select(), []);
  return (
    <form
      class="edit-field"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(box.current!.value.trim());
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onCancel();
      }}
    >
      <input ref={box} aria-label={label} defaultValue={value} maxLength={500} />
      <button class="plain-button">{t.save}</button>
      <button type="button" class="plain-button" onClick={onCancel}>
        {t.cancel}
      </button>
    </form>
  );
}
