// People: accounts and their places at the desk; one is added with a password that is shown once.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { Icon } from "../../shared/icons";
import type { NewPersonView, PersonList, PersonView, PolicyPage } from "../../shared/wire";
import { initials } from "../format";
import { lang, may, me } from "../store";
import { Segments } from "./choices";
import { useLoad } from "./door";
import { PLUS } from "./icons";
import { NewPerson, Password } from "./newcomer";
import { Empty, Page, Ready, Text } from "./parts";
import { PersonEditor } from "./person";
import { called, fill, topicName, words } from "./words";

export function People() {
  const t = words.value;
  const people = useLoad<PersonList>("people");
  const policy = useLoad<PolicyPage>("policy");
  const adding = useSignal(false);
  const open = useSignal("");
  const password = useSignal<NewPersonView | null>(null);
  const put = (person: PersonView) => {
    const all = people.data?.people ?? [];
    const known = all.some(({ id }) => id === person.id);
    people.put({ people: known ? all.map((one) => (one.id === person.id ? person : one)) : [...all, person] });
  };
  return (
    <Page
      title={t.screens.people}
      hint={t.people.hint}
      wide
      actions={
        may("manage_operators") && (
          <button type="button" class="button" onClick={() => (adding.value = true)}>
            <Icon d={PLUS} />
            {t.people.add}
          </button>
        )
      }
    >
      <Ready loaded={people}>{({ people: all }) => <List people={all} policy={policy.data} onOpen={(id) => (open.value = id)} />}</Ready>
      {adding.value && (
        <NewPerson
          onMade={(made) => {
            put(made.person);
            adding.value = false;
            password.value = made;
          }}
          onClose={() => (adding.value = false)}
        />
      )}
      {open.value && people.data && (
        <PersonEditor
          key={open.value}
          person={people.data.people.find(({ id }) => id === open.value)!}
          policy={policy.data}
          onChange={put}
          onPassword={(made) => {
            open.value = "";
            password.value = made;
          }}
          onClose={() => (open.value = "")}
        />
      )}
      {password.value && <Password made={password.value} onClose={() => (password.value = null)} />}
    </Page>
  );
}

interface ListProps {
  people: PersonView[];
  policy: PolicyPage | null;
  onOpen(id: string): void;
}

const RANK = ["owner", "admin", "lead", "operator", "editor", "read_only"];

function List({ people, policy, onOpen }: ListProps) {
  const t = words.value;
  const query = useSignal("");
  const which = useSignal("active");
  const asked = query.value.trim().toLocaleLowerCase(lang.value);
  const active = people.filter((one) => one.active);
  const shown = (which.value === "active" ? active : which.value === "off" ? people.filter((one) => !one.active) : people)
    .filter(({ name, login }) => `${name} ${login}`.toLocaleLowerCase(lang.value).includes(asked))
    .sort((a, b) => RANK.indexOf(a.role) - RANK.indexOf(b.role) || a.name.localeCompare(b.name, lang.value));
  return (
    <>
      <div class="lead-filters">
        <Text label={t.search} bare type="search" placeholder={t.search} value={query.value} onText={(text) => (query.value = text)} />
        <Segments
          label={t.people.list}
          value={which.value}
          options={[
            ["active", t.people.active, active.length],
            ["off", t.people.disabledMany, people.length - active.length],
            ["all", t.people.all, people.length],
          ]}
          onPick={(next) => (which.value = next)}
        />
      </div>
      {!shown.length && <Empty title={t.nothingFound} />}
      <ul class="people">
        {shown.map((person) => (
          <Person key={person.id} person={person} policy={policy} onOpen={() => onOpen(person.id)} />
        ))}
      </ul>
    </>
  );
}

function Person({ person, policy, onOpen }: { person: PersonView; policy: PolicyPage | null; onOpen(): void }) {
  const t = words.value;
  const groups = person.groups.map((id) => policy?.policy.groups.find((one) => one.id === id)?.[lang.value] ?? id);
  const serves = !["editor", "read_only"].includes(person.role);
  const facts = [
    groups.length ? groups.join(", ") : t.people.groupsNone,
    person.skills.length ? person.skills.map(topicName).join(", ") : t.people.skillsNone,
    person.langs.length === 1 && called(t.languages, person.langs[0]!),
    person.tier > 1 && fill(t.team.tier, { n: person.tier }),
  ].filter(Boolean);
  return (
    <li class={person.active ? "" : "off"}>
      <button type="button" class="person" onClick={onOpen} data-login={person.login}>
        <span class="face">{initials(person.name)}</span>
        <span class="agent-name">
          <b>
            {person.name} {person.id === me.value && <em>({t.people.you})</em>}
          </b>
          <small>{person.login}</small>
        </span>
        <span class="badges">
          <span class={`badge ${person.role === "owner" || person.role === "admin" ? "strong" : ""}`}>{called(t.roles, person.role)}</span>
          {!person.active && <span class="badge grave">{t.people.disabled}</span>}
        </span>
        <span class="agent-facts">{serves && facts.join(" · ")}</span>
        <span class="person-cap">{serves && `${t.people.cap}: ${person.cap}`}</span>
      </button>
    </li>
  );
}
