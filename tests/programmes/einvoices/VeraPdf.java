import java.io.FileInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

import javax.xml.parsers.DocumentBuilderFactory;

import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Tries files with veraPDF: FLAVOUR,FLAVOUR FILE...; a line of JSON for every finding. */
class VeraPdf {
    public static void main(String[] words) throws Exception {
        // It grumbles that it cannot read its profiles: see `profile`.
        Logger.getLogger("org.verapdf").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        for (String name : words[0].split(",")) {
            PDFAFlavour flavour = PDFAFlavour.valueOf(name);
            ValidationProfile profile = profile(flavour);
            for (int i = 1; i < words.length; i++) {
                check(words[i], flavour, profile);
            }
        }
    }

    private static void check(String file, PDFAFlavour flavour, ValidationProfile profile)
            throws Exception {
        try (InputStream data = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(data, flavour);
                PDFAValidator validator =
                        Foundries.defaultInstance().createValidator(profile, false)) {
            ValidationResult result = validator.validate(parser);
            for (TestAssertion one : result.getTestAssertions()) {
                if (one.getStatus() == TestAssertion.Status.FAILED) {
                    say("file", file, "flavour", flavour.name(),
                            "clause", one.getRuleId().getClause(),
                            "text", one.getMessage(), "where", one.getLocation().getContext());
                }
            }
            say("file", file, "flavour", flavour.name(),
                    "passed", Boolean.toString(result.isCompliant()),
                    "tried", Integer.toString(result.getTotalAssertions()));
        }
    }

    /** The rules in the jar. It lacks a part of the library that veraPDF itself reads them with. */
    private static ValidationProfile profile(PDFAFlavour flavour) throws Exception {
        String name = "/org/verapdf/pdfa/validation/" + flavour.name().replaceFirst("_", "-")
                .replace("_", "") + ".xml";
        Set<Rule> rules = new HashSet<>();
        Set<Variable> variables = new HashSet<>();
        try (InputStream data = PDFAFlavour.class.getResourceAsStream(name)) {
            Element root =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(data)
                            .getDocumentElement();
            for (Element rule : all(root, "rule")) {
                Element id = all(rule, "id").get(0);
                rules.add(Profiles.ruleFromValues(
                        Profiles.ruleIdFromValues(
                                PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
                                id.getAttribute("clause"),
                                Integer.parseInt(id.getAttribute("testNumber"))),
                        rule.getAttribute("object"),
                        Boolean.valueOf(rule.getAttribute("deferred")),
                        rule.getAttribute("tags"),
                        text(rule, "description"),
                        text(rule, "test"),
                        Profiles.errorFromValues(text(rule, "message"), List.of()),
                        List.of()));
            }
            for (Element one : all(root, "variable")) {
                variables.add(Profiles.variableFromValues(
                        one.getAttribute("name"), one.getAttribute("object"),
                        text(one, "defaultValue"), text(one, "value")));
            }
        }
        return Profiles.profileFromValues(
                flavour,
                Profiles.profileDetailsFromValues(name, name, "veraPDF", new Date(0)),
                "", rules, variables);
    }

    private static List<Element> all(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    private static String text(Element parent, String name) {
        return all(parent, name).get(0).getTextContent();
    }

    private static void say(String... words) {
        StringBuilder line = new StringBuilder("{");
        for (int i = 0; i < words.length; i += 2) {
            line.append(i == 0 ? "" : ",").append(quoted(words[i])).append(":")
                    .append(quoted(words[i + 1]));
        }
        System.out.println(line.append("}"));
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char one : String.valueOf(text).toCharArray()) {
            if (one == '"' || one == '\\') {
                out.append('\\').append(one);
            } else if (one < ' ' || one > '~') {
                out.append(String.format("\\u%04x", (int) one));
            } else {
                out.append(one);
            }
        }
        return out.append('"').toString();
    }
}
