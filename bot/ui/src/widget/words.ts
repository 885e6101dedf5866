// Everything the widget itself says, in both languages; the server's sentences come ready made.
import type { Lang } from "../shared/wire";

const EN = {
  title: "Support",
  close: "Close chat",
  log: "Conversation",
  other: "RU, русский",
  bot: "Automated assistant",
  queue: "Finding a free colleague",
  operator: "is answering you",
  person: "Talk to a person",
  calling: "Calling…",
  next: "You are next in line",
  place: "Your place in line:",
  handoff: "A person takes over",
  source: "Source",
  write: "Your message",
  send: "Send",
  sending: "Sending",
  sent: "Sent",
  failed: "Not sent",
  retry: "Try again",
  edited: "Corrected",
  typing: "is typing",
  offline: "No connection. Trying again…",
  reload: "The chat has been updated. Reload",
  ask: "Common questions",
  down: "To the newest message",
};

const RU: typeof EN = {
  title: "Поддержка",
  close: "Закрыть чат",
  log: "Переписка",
  other: "EN, English",
  bot: "Автоматический помощник",
  queue: "Ищем свободного специалиста",
  operator: "отвечает вам",
  person: "Позвать человека",
  calling: "Зовём…",
  next: "Сейчас ваша очередь",
  place: "Ваше место в очереди:",
  handoff: "Дальше поможет человек",
  source: "Источник",
  write: "Ваше сообщение",
  send: "Отправить",
  sending: "Отправляется",
  sent: "Отправлено",
  failed: "Не отправлено",
  retry: "Повторить",
  edited: "Исправлено",
  typing: "печатает",
  offline: "Нет связи. Пробуем снова…",
  reload: "Чат обновился. Перезагрузить",
  ask: "Частые вопросы",
  down: "К последнему сообщению",
};

export type Words = typeof EN;

export const WORDS: Record<Lang, Words> = { ru: RU, en: EN };
