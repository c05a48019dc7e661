import ical, {
  ICalAlarmRelatesTo,
  ICalAlarmType,
  ICalCalendarMethod,
  ICalEventBusyStatus,
  ICalEventStatus,
  ICalEventTransparency,
  type ICalAlarmData,
  type ICalEventData,
} from "ical-generator";
import type { CalendarEntry, RegisterCalendar } from "../../custody/calendar.ts";

const HOUR = 60 * 60;
const DAY = 24 * HOUR;
/** Reminders ring at nine in the morning, wherever the calendar is. */
const MORNING = 9 * HOUR;

/**
 * The duties of some registers as one iCalendar file (RFC 5545). Each event keeps its UID, and has a
 * SEQUENCE that only rises, so that a later file changes the events of an earlier one. A settled duty
 * is cancelled and says so in its title too, since not every calendar hides what is cancelled.
 *
 * @param now when the file is made
 */
export function calendarFile(registers: readonly RegisterCalendar[], now: Date): string {
  const calendar = ical({
    name: "breakglass",
    method: ICalCalendarMethod.PUBLISH,
    prodId: { company: "breakglass", product: "status", language: "EN" },
  });
  for (const register of registers)
    for (const entry of register.entries) {
      const event = calendar.createEvent(eventOf(entry, register, now));
      // The library takes only by a call of its own what an alarm relates to, and means the end else.
      for (const alarm of alarmsOf(entry))
        event.createAlarm(alarm).relatesTo(ICalAlarmRelatesTo.start);
    }
  const text = calendar.toString();
  return text.endsWith("\r\n") ? text : `${text}\r\n`;
}

function eventOf(
  entry: CalendarEntry,
  { tenant, written }: RegisterCalendar,
  now: Date,
): ICalEventData {
  const { uid, sequence, day, what, command, settled } = entry;
  return {
    ...{ id: uid, sequence, stamp: now, lastModified: written ?? now },
    start: `${day}T00:00:00Z`,
    allDay: true,
    summary: settled ? `settled: ${what}` : what,
    description: [
      ...(command === undefined || settled ? [] : [`To settle it: ${command}`]),
      `Tenant: ${tenant}`,
    ].join("\n"),
    status: settled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    transparency: ICalEventTransparency.TRANSPARENT,
    busystatus: ICalEventBusyStatus.FREE,
  };
}

function alarmsOf({ what, warningDays, settled }: CalendarEntry): ICalAlarmData[] {
  if (settled) return [];
  const alarm = { type: ICalAlarmType.display, description: what } as const;
  const warnings = warningDays === 0 ? [] : [warningDays * DAY - MORNING];
  return [
    ...warnings.map((triggerBefore) => ({ ...alarm, triggerBefore })),
    { ...alarm, triggerAfter: MORNING },
  ];
}
