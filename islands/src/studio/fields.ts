// A setting as the text of a field, and back. A value that is more than a text (a distribution in
// its object form) is shown and read as JSON, so that nothing is lost by looking at it.
import { type Json } from './document.ts';

const COUNTS = ['count', 'count or unlimited'];

export function toField(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value) && value.every((entry) => typeof entry !== 'object')) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function fromField(text: string, takes: string): Json | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (takes === 'flag') return trimmed === 'true';
  if (takes === 'names') return list(trimmed);
  if (takes === 'counts') return list(trimmed).map((entry) => (/^\d+$/.test(entry) ? Number(entry) : entry));
  if (COUNTS.includes(takes) && /^\d{1,15}$/.test(trimmed)) return Number(trimmed);
  if (/^[{[]/.test(trimmed)) {
    try {
      return JSON.parse(trimmed) as Json;
    } catch {
      return trimmed;
    }
  }
  return trimmed;
}

function list(text: string): string[] {
  return text.split(',').map((entry) => entry.trim()).filter(Boolean);
}
