// One person: name, role and access for administrators, the place at the desk for leads.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import type { NewPersonView, PasswordView, PersonBody, PersonView, PolicyPage } from "../../shared/wire";
import { lang, may, me, session } from "../store";
import { Pills } from "./choices";
import { call, useAct } from "./door";
import { Confirm, Modal } from "./modal";
import { RoleCards } from "./newcomer";
import { Alarm, Pick, Text, Whole } from "./parts";
import { same } from "./policy-diff";
import { fill, topicName, words } from "./words";

interface PersonProps {
  person: PersonView;
  policy: PolicyPage | null;
  onChange(person: PersonView): void;
  onPassword(made: NewPersonView): void;
  onClose(): void;
}

const CAP = [1, 100] as const;
const TIERS = [1, 2, 3, 4];

type Form = Pick<PersonView, "name" | "role" | "cap" | "groups" | "skills" | "langs" | "tier">;
const FIELDS = ["name", "role", "cap", "groups", "skills", "langs", "tier"] as const;

/** Only what became different is sent: what others changed meanwhile stays. */
export function changesOf(was: Form, form: Form): PersonBody {
  return Object.fromEntries(FIELDS.filter((name) => !same(was[name], form[name])).map((name) => [name, form[name]])) as PersonBody;
}

export function PersonEditor({ person, policy, onChange, onPassword, onClose }: PersonProps) {
  const t = words.value;
  const was = useSignal<Form>(person).value;
  const form = useSignal<Form>(person);
  const lose = useSignal(false);
  const tried = useSignal(false);
  const act = useAct();
  const changes = changesOf(was, form.value);
  const dirty = Object.keys(changes).length > 0;
  const set = (part: Partial<Form>) => {
    form.value = { ...form.value, ...part };
  };
  const save = async () => {
    tried.value = true;
    const { name, cap } = form.value;
    if (!name.trim() || !(cap >= CAP[0] && cap <= CAP[1])) return;
    if (!dirty) return onClose();
    if (await act.run(async () => onChange(await send(person, changes)))) onClose();
  };
  return (
    <Modal
      title={person.name}
      wide
      onClose={() => (dirty ? (lose.value = true) : onClose())}
      onSubmit={() => void save()}
      actions={
        <>
          <button type="button" class="button" onClick={() => (dirty ? (lose.value = true) : onClose())}>
            {t.cancel}
          </button>
          <button class="button primary" disabled={act.busy}>
            {act.busy ? t.saving : t.save}
          </button>
        </>
      }
    >
      <Alarm text={act.error} />
      <Account person={person} form={form.value} tried={tried.value} set={set} />
      <Place form={form.value} policy={policy} tried={tried.value} set={set} />
      {may("manage_operators") && <Access person={person} onChange={onChange} onPassword={onPassword} />}
      {lose.value && (
        <Confirm title={t.loseTitle} text={t.loseText} action={t.discard} danger onYes={onClose} onClose={() => (lose.value = false)} />
      )}
    </Modal>
  );
}

function send(person: PersonView, body: PersonBody): Promise<PersonView> {
  return call<PersonView>("POST", `people/${encodeURIComponent(person.id)}`, body);
}

interface PartProps {
  form: Form;
  tried: boolean;
  set(part: Partial<Form>): void;
}

/** Why this person's account cannot be changed by me; empty when it can. */
function barred(person: PersonView): string {
  const t = words.value.people;
  if (!may("manage_operators")) return t.rightsHint;
  return person.role === "owner" && session.value?.operator.role !== "owner" ? t.ownerHint : "";
}

function Account({ person, form, tried, set }: PartProps & { person: PersonView }) {
  const t = words.value;
  const why = barred(person);
  const self = person.id === me.value;
  return (
    <section class="form">
      {why && <p class="hint-box">{why}</p>}
      <div class="field-row">
        <Text
          label={t.people.name}
          hint={t.people.nameHint}
          value={form.name}
          maxLength={100}
          disabled={Boolean(why)}
          error={tried && !form.name.trim() ? t.required : ""}
          onText={(name) => set({ name })}
        />
        <Text label={t.people.login} value={person.login} disabled onText={() => undefined} />
      </div>
      {!why && <RoleCards value={form.role} disabled={self} onPick={(role) => set({ role })} />}
      {!why && self && <p class="field-hint">{t.people.selfHint}</p>}
    </section>
  );
}

function Place({ form, policy, tried, set }: PartProps & { policy: PolicyPage | null }) {
  const t = words.value;
  const groups = policy?.policy.groups ?? [];
  const topics = [...new Set([...(policy?.topics ?? []), ...form.skills])];
  const gone = form.groups.filter((id) => !groups.some((one) => one.id === id));
  const wrongCap = !(form.cap >= CAP[0] && form.cap <= CAP[1]);
  return (
    <section class="form">
      <h3>{t.people.desk}</h3>
      <div class="field-row">
        <Whole
          label={t.people.cap}
          hint={t.people.capHint}
          value={form.cap}
          limit={CAP}
          error={tried && wrongCap ? t.policy.problem.range : ""}
          onNumber={(cap) => set({ cap })}
        />
        <Pick
          label={t.people.tier}
          hint={t.people.tierHint}
          value={String(form.tier)}
          options={TIERS.map((tier) => [String(tier), String(tier)] as const)}
          onPick={(tier) => set({ tier: Number(tier) })}
        />
      </div>
      <Pills
        legend={t.people.groups}
        none={t.people.groupsNone}
        options={[...groups.map((group) => [group.id, group[lang.value]] as const), ...gone.map((id) => [id, id] as const)]}
        chosen={form.groups}
        onChoose={(chosen) => set({ groups: chosen })}
      />
      <Pills
        legend={t.people.skills}
        none={t.people.skillsNone}
        options={topics.map((topic) => [topic, topicName(topic)] as const)}
        chosen={form.skills}
        onChoose={(chosen) => set({ skills: chosen })}
      />
      <Pills legend={t.people.langs} none={t.people.langsNone} options={Object.entries(t.languages)} chosen={form.langs} onChoose={(chosen) => set({ langs: chosen })} />
    </section>
  );
}

type AccessProps = Pick<PersonProps, "person" | "onChange" | "onPassword">;

function Access({ person, onChange, onPassword }: AccessProps) {
  const t = words.value;
  const asks = useSignal<"" | "reset" | "disable">("");
  const act = useAct();
  if (barred(person) || person.id === me.value) return null;
  const named = { name: person.name };
  const reset = async () => {
    const { password } = await call<PasswordView>("POST", `people/${encodeURIComponent(person.id)}/password`);
    onPassword({ person, password });
  };
  const enable = () => void act.run(async () => onChange(await send(person, { active: true })));
  return (
    <section class="form">
      <h3>{t.people.access}</h3>
      <Alarm text={act.error} />
      {person.telegram && <p class="soft">{t.people.telegram}</p>}
      <p class="lead-row">
        <button type="button" class="button" onClick={() => (asks.value = "reset")}>
          {t.people.reset}
        </button>
        {person.active ? (
          <button type="button" class="button danger-text" onClick={() => (asks.value = "disable")}>
            {t.people.disable}
          </button>
        ) : (
          <button type="button" class="button" disabled={act.busy} onClick={enable}>
            {t.people.enable}
          </button>
        )}
      </p>
      {asks.value === "reset" && (
        <Confirm title={fill(t.people.resetTitle, named)} text={t.people.resetText} action={t.people.reset} danger onYes={reset} onClose={() => (asks.value = "")} />
      )}
      {asks.value === "disable" && (
        <Confirm
          title={fill(t.people.disableTitle, named)}
          text={t.people.disableText}
          action={t.people.disable}
          danger
          onYes={async () => onChange(await send(person, { active: false }))}
          onClose={() => (asks.value = "")}
        />
      )}
    </section>
  );
}
