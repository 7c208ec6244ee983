//! Deeds.

use low::word;
