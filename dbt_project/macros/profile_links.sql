{#
How one account names another in a bio or as its address: a link to its profile, or the network's name with a colon or an `@`. Each
pattern has one group, the handle or the id. Patterns avoid backslashes and look-arounds, which engines read differently; `(?i)` they share.
A name ends in a letter, digit or `_`, so that the full stop of a sentence is none of it.
#}
{% macro profile_links() -%}
    {#- What stands before the host must be no part of another one: `netflix.com` is not `x.com`. -#}
    {%- set host = "(?i)(?:^|[^a-z0-9.-])(?:(?:www|m|mobile|web|[a-z]{2})[.])?" -%}
    {%- set word = "(?i)(?:^|[^a-z0-9@.])" -%}
    {%- set said = "[ ]*(?:[:：][ ]*@?|@)" -%}
    {%- do return([
        {'platform': 'instagram', 'names': 'handle', 'pattern': host ~ "(?:instagram[.]com|instagr[.]am)/(?:_u/)?@?([a-z0-9._]{0,29}[a-z0-9_])"},
        {'platform': 'youtube', 'names': 'account_id', 'pattern': host ~ "youtube[.]com/channel/(UC[a-z0-9_-]{22})"},
        {'platform': 'youtube', 'names': 'handle', 'pattern': host ~ "youtube[.]com/(?:@|c/|user/)([^/?#&,;:!()<>@ ]{0,99}[^/?#&,;:!()<>@ .])"},
        {'platform': 'tiktok', 'names': 'handle', 'pattern': host ~ "tiktok[.]com/@([a-z0-9._]{0,23}[a-z0-9_])"},
        {'platform': 'x', 'names': 'handle', 'pattern': host ~ "(?:twitter|x)[.]com/@?([a-z0-9_]{1,15})"},
        {'platform': 'twitch', 'names': 'handle', 'pattern': host ~ "twitch[.]tv/([a-z0-9_]{3,25})"},
        {'platform': 'facebook', 'names': 'handle', 'pattern': host ~ "(?:facebook|fb)[.]com/([a-z0-9.]{4,49}[a-z0-9])"},
        {'platform': 'threads', 'names': 'handle', 'pattern': host ~ "threads[.](?:net|com)/@([a-z0-9._]{0,29}[a-z0-9_])"},
        {'platform': 'snapchat', 'names': 'handle', 'pattern': host ~ "snapchat[.]com/add/([a-z0-9._-]{2,14}[a-z0-9_])"},
        {'platform': 'pinterest', 'names': 'handle', 'pattern': host ~ "pinterest[.][a-z.]{2,6}/([a-z0-9_]{3,30})"},
        {'platform': 'kick', 'names': 'handle', 'pattern': host ~ "kick[.]com/([a-z0-9_-]{3,25})"},
        {'platform': 'linkedin', 'names': 'handle', 'pattern': host ~ "linkedin[.]com/in/([^/?#&,;:!()<>@ ]{2,99}[^/?#&,;:!()<>@ .])"},
        {'platform': 'bluesky', 'names': 'handle', 'pattern': host ~ "bsky[.]app/profile/([a-z0-9.-]{2,252}[a-z0-9])"},
        {'platform': 'instagram', 'names': 'handle', 'pattern': word ~ "(?:instagram|insta|ig)" ~ said ~ "([a-z0-9._]{1,29}[a-z0-9_])"},
        {'platform': 'youtube', 'names': 'handle', 'pattern': word ~ "(?:youtube|yt)" ~ said ~ "([a-z0-9._-]{2,99}[a-z0-9_])"},
        {'platform': 'tiktok', 'names': 'handle', 'pattern': word ~ "(?:tiktok|tik tok)" ~ said ~ "([a-z0-9._]{1,23}[a-z0-9_])"},
        {'platform': 'x', 'names': 'handle', 'pattern': word ~ "twitter" ~ said ~ "([a-z0-9_]{2,15})"},
        {'platform': 'twitch', 'names': 'handle', 'pattern': word ~ "twitch" ~ said ~ "([a-z0-9_]{3,25})"},
        {'platform': 'snapchat', 'names': 'handle', 'pattern': word ~ "(?:snapchat|snap)" ~ said ~ "([a-z0-9._-]{2,14}[a-z0-9_])"},
        {'platform': 'facebook', 'names': 'handle', 'pattern': word ~ "(?:facebook|fb)" ~ said ~ "([a-z0-9.]{4,49}[a-z0-9])"},
    ]) -%}
{%- endmacro %}
